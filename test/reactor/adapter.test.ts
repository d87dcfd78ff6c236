// The adapter registers a socket with its poller once, not per operation. When the poller
// has no room, only the connection that needs it ends.
import { constants } from "node:os";
import { afterEach, expect, test, vi } from "vitest";
import { ReadinessProactor } from "../../examples/shared/poll/completion/adapter.ts";
import { SysError } from "../../examples/shared/poll/ffi.ts";
import { Poll } from "../../examples/shared/poll/readiness/poll.ts";
import { ProactorContext } from "./proactor/context.ts";
import { SimulatedNetwork } from "./sim/network.ts";

let context: ProactorContext | undefined;
afterEach(async () => {
  await context?.end();
});

function open() {
  const network = new SimulatedNetwork(1);
  const selector = network.openSelector();
  const register = vi.spyOn(selector, "register");
  const reregister = vi.spyOn(selector, "reregister");
  const here = new ProactorContext(
    () => new ReadinessProactor(new Poll(selector), network),
    network,
    () => network.now,
  );
  context = here;
  return { register, reregister, context: here, proactor: here.proactor() };
}

test("a thousand operations on a connection need one registration", () => {
  const { register, reregister, context, proactor } = open();
  const { client, token } = context.pair(proactor);
  const before = register.mock.calls.length;
  for (let time = 0; time < 1000; time += 1) {
    proactor.recv(token);
    expect(proactor.wait(0)).toEqual([]);
    client.write(Buffer.from("hello"));
    expect(context.waitFor(proactor, token, "recv").result).toHaveLength(5);
    proactor.send(token, Buffer.from("hello"));
    expect(context.waitFor(proactor, token, "send").result).toBe("sent");
    context.read(proactor, client, 5);
  }
  expect(register.mock.calls.length).toBe(before + 1);
  expect(reregister).not.toHaveBeenCalled();
});

test("a poller without room ends only the connection that it refuses", () => {
  const { register, context, proactor } = open();
  const listener = proactor.listen("127.0.0.1", 0);
  const [one, other] = [
    context.pair(proactor, listener),
    context.pair(proactor, listener),
  ];
  register.mockImplementationOnce(() => {
    throw new SysError("watch a socket", constants.errno.ENOSPC);
  });
  proactor.recv(one.token);
  expect(context.waitFor(proactor, one.token, "recv").result).toBe("reset");
  proactor.recv(other.token);
  other.client.write(Buffer.from("hello"));
  expect(context.waitFor(proactor, other.token, "recv").result).toHaveLength(5);
});
