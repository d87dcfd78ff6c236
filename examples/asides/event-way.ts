// The path of one request through the parts of r6: what each part does in which turn.
// Run it: just example event-way
// Page: docs/r6-reactor.md
import { READINESS } from "../r6-reactor/handler.ts";
import { EVENTS, newShared, openLoop } from "../r6-reactor/serve.ts";
import { TcpStream } from "../shared/poll/net.ts";
import { Events } from "../shared/poll/readiness/events.ts";
import { systemSockets } from "../shared/poll/system-sockets.ts";

const DEFAULTS = {
  poller: undefined,
  root: ".",
  "head-limit": 16384,
  "target-limit": 8000,
  "body-limit": 1048576,
  "head-timeout": 10000,
  "idle-timeout": 5000,
  "body-timeout": 30000,
  "send-timeout": 30000,
  workers: 1,
  threads: 1,
  budget: 64,
};
const REQUEST = "GET /hello/ann HTTP/1.1\r\nHost: x\r\n\r\n";

const { poll, loop, port } = openLoop(DEFAULTS, 0, newShared());
let turns = 0;

function note(part: string, what: string): void {
  console.log(`${turns}  ${part.padEnd(10)}${what}`);
}

// r6 runs unchanged; we only wrap the functions that it calls.
const sockets = systemSockets();
const { accept, recv, send } = sockets;
sockets.accept = (fd) => {
  const answer = accept.call(sockets, fd);
  note("kernel", `accept: ${typeof answer === "number" ? "a client" : answer}`);
  return answer;
};
const { registry } = poll;
const register = registry.register.bind(registry);
registry.register = (...args) => {
  note("reactor", "register");
  register(...args);
};
const notify = loop.notify.bind(loop);
loop.notify = (handler, readiness) => {
  const names = Object.entries(READINESS).filter(([, bit]) => readiness & bit);
  const { name } = handler.constructor;
  note("queue", `${name}: ${names.map(([one]) => one).join(", ")}`);
  notify(handler, readiness);
  const { handle } = handler;
  handler.handle = (what) => {
    note("handler", `${name}.handle`);
    handler.handle = handle;
    return handler.handle(what);
  };
};

const client = TcpStream.connect("127.0.0.1", port);
client.write(Buffer.from(REQUEST));
sockets.recv = (fd, into) => {
  const answer = recv.call(sockets, fd, into);
  note("kernel", `recv: ${answer === REQUEST.length ? "the request" : answer}`);
  return answer;
};
let isAnswered = false;
sockets.send = (fd, bytes) => {
  isAnswered = true;
  const answer = send.call(sockets, fd, bytes);
  note("kernel", `send: ${answer === bytes.length ? "the answer" : answer}`);
  return answer;
};

const events = new Events(EVENTS);
for (let wait: ReturnType<typeof loop.turn> = 0; !isAnswered && wait !== "end"; ) {
  poll.poll(events, wait);
  turns += 1;
  if (turns > 1) note("reactor", `${events.length} event`);
  wait = loop.turn(events);
}
client.close();
process.exit();
