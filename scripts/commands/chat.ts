// just chat: a full-screen chat client.
import { App } from "../chat/app.ts";
import { Failure, misuse, parseAddress, readOptions, run, UsageError } from "../cli.ts";

const USAGE = `
just chat [ADDRESS] [options]

Connects to a chat server and shows the messages, the rooms, the users, and an input line on
the full screen. ADDRESS is a port, or host:port; without it, 127.0.0.1:42069.

  just chat             to the server of just example 18
  just chat --name ann  with a name

  -n, --name NAME  asks the server for this name
  -h, --help       prints this

  Enter             sends the line
  Tab               completes commands and names
  Up, Down          shows earlier input lines
  PageUp, PageDown  scrolls through the messages
  Ctrl-L            draws the screen again
  Ctrl-C, Ctrl-D    quits, as /quit does
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: { name: { type: "string", short: "n" } },
  });
  const [address = "127.0.0.1:42069", ...more] = positionals;
  if (more.length > 0) {
    throw misuse("Cannot connect twice: one address, please", USAGE);
  }
  const { host, port } = parseAddress(address);
  const { name } = values;
  if (name !== undefined && !/^\S+$/.test(name)) {
    throw new UsageError(`Cannot ask for the name "${name}": it must be one word`);
  }
  const { stdin, stdout, env } = process;
  if (!stdin.isTTY || !stdout.isTTY || env.TERM === "dumb") {
    throw new UsageError("Cannot open the chat: this is not a terminal; use just telnet");
  }
  const app = new App(host, port, name);
  const problem = await app.connect();
  if (problem !== undefined) {
    const hint = "Start a server with: just server";
    throw new Failure(`Cannot connect to ${host}:${port}: ${problem}\n${hint}`);
  }
  await app.run();
  return 0;
});
