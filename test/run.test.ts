// The helper that runs commands: it waits for what they print.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Command } from "./run.ts";

test("waits for output as often as one likes, and leaves no listeners behind", async () => {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => void warnings.push(message);
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
  await once(echo, "listening");
  process.on("warning", onWarning);
  onTestFinished(() => {
    process.off("warning", onWarning);
    echo.close();
  });
  const telnet = new Command(["telnet", `${(echo.address() as AddressInfo).port}`]);
  for (let time = 1; time <= 12; time += 1) {
    telnet.types(`line ${time}\n`);
    await telnet.prints(new RegExp(`^line ${time}$`, "m"));
  }
  telnet.typesEnd();
  await telnet.ended;
  expect(warnings).toEqual([]);
});
