// just chat: a chat client for the whole screen.

import { App } from "../chat/app.ts";
import { Failure, Misuse, parseAddress, readOptions, run } from "../cli.ts";

const USAGE = `
just chat [ADDRESS] [--name NAME]

Connects to a chat server and fills the screen: the talk, the rooms, who is there, a line
to write in. ADDRESS is a port, or host:port; without it, 127.0.0.1:42069.

  -n, --name NAME   asks the server for this name

  Enter              sends the line          Tab          completes commands and names
  PageUp, PageDown   moves through the talk  Up, Down     what was sent before
  Ctrl-L             draws the screen again  Ctrl-C, Ctrl-D, /quit   quits
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: { name: { type: "string", short: "n" } },
  });
  const [address = "127.0.0.1:42069", ...more] = positionals;
  if (more.length > 0) {
    throw new Misuse(`Cannot connect twice: one address, please\n${USAGE}`);
  }
  const { host, port } = parseAddress(address);
  const { name } = values;
  if (name !== undefined && !/^\S+$/.test(name)) {
    throw new Misuse(`Cannot ask for the name "${name}": it must be one word`);
  }
  const { stdin, stdout, env } = process;
  if (!stdin.isTTY || !stdout.isTTY || env.TERM === "dumb") {
    throw new Misuse("Cannot open the chat: this is no terminal; use just telnet");
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
