// Brokers that run, and cannot be used as they are: one line each that says what to do.
import { describe, expect, test } from "vitest";
import { Broker, findNats } from "../../scripts/machines/broker.ts";
import { needs } from "../requirements.ts";
import { Listener, startBroker, startOn } from "./place.ts";

const nats = needs(findNats(), "brokers that cannot be used", "nats-server");

async function refusal(broker: string): Promise<string> {
  return startOn(broker).then(
    () => "It listens.",
    (error: Error) => error.message,
  );
}

describe.skipIf(!nats)("a server of m2 says", () => {
  test("that JetStream is switched off", async () => {
    const broker = new Broker(findNats() ?? "", { jetstream: false });
    try {
      await broker.start();
      expect(await refusal(broker.address)).toMatch(
        /: JetStream is switched off; start it with -js$/m,
      );
    } finally {
      await broker.remove();
    }
  });

  test("that its credentials are refused, and comes in with the right ones", async () => {
    const broker = await startBroker({
      config:
        'authorization { user: "ann", password: "secret" }\njetstream { store_dir: "STORE/store" }',
    });
    for (const who of ["", "ann:wrong@", "token@"]) {
      expect(await refusal(`${who}${broker.address}`)).toMatch(
        /: it refuses our credentials; name them in BROKER=user:password@host:port$/m,
      );
    }
    const server = await startOn(`ann:secret@${broker.address}`);
    await Listener.join(server, "Ann");
    expect(server.process.output()).not.toContain("secret");
  });

  test("that the broker's disk is full, to those who wait", async () => {
    const broker = await startBroker({
      config: 'jetstream { store_dir: "STORE/store", max_file_store: 65536 }',
    });
    const server = await startOn(broker.address);
    const ann = await Listener.join(server, "Ann");
    ann.send(...Array.from({ length: 500 }, (_, i) => `${i} ${"x".repeat(380)}`));
    await ann.sees("The log does not answer: you wait for it");
    const output = server.process.output();
    expect(output).toContain('"why":"the broker\'s disk is full: make room there"');
    ann.send("/quit");
  });
});
