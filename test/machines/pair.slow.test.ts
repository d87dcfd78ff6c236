// just example m2: two servers and their broker, which end with it, however it ends.
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { findNats } from "../../scripts/machines/broker.ts";
import { needs } from "../requirements.ts";
import { Command, runCommand } from "../run.ts";

const nats = needs(findNats(), "just example m2", "nats-server");

function startPair(): Command {
  // What a killed broker has stored goes with the folder of the tests.
  const env = { TMPDIR: inject("built") };
  const command = new Command(["example", "m2", "--port", "0"], env);
  onTestFinished(async () => {
    await command.end("SIGKILL");
  });
  return command;
}

/** Waits until nothing listens on a port of this machine. */
async function isFree(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (!isOpen) return;
    await sleep(10);
  }
}

const BROKER = /^broker on 127\.0\.0\.1:(\d+)$/m;
const BOTH =
  /listening on 127\.0\.0\.1:(\d+)\nconnect from [\s\S]*listening on 127\.0\.0\.1:(\d+)\nconnect from /;

describe.skipIf(!nats)("just example m2", () => {
  test.each(["SIGTERM", "SIGKILL"] as const)(
    "ends its servers and its broker with itself: %s",
    async (signal) => {
      const command = startPair();
      const [, broker] = await command.prints(BROKER);
      const [, one, other] = await command.prints(BOTH);
      const { code } = await command.end(signal);
      expect(code).toBe(signal === "SIGKILL" ? signal : 0);
      for (const port of [broker, one, other]) await isFree(Number(port));
    },
  );

  test("says that it takes a while, and may be ended meanwhile", async () => {
    const command = startPair();
    const [, broker] = await command.prints(BROKER);
    await command.prints(/^two servers start, which takes a few seconds$/m);
    expect((await command.end("SIGTERM")).code).toBe(0);
    await isFree(Number(broker));
  });

  test("has no port for the second behind the last", async () => {
    const { code, stderr } = await runCommand(["example", "m2", "--port", "65535"]);
    expect(stderr).toBe("Cannot start the second m2-many: there is no port 65536\n");
    expect(code).toBe(2);
  });
});
