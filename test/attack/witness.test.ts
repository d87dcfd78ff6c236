// The client that is there while others attack: it sees all that they have said.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { Witness } from "../../scripts/attack/witness.ts";

test("what was said just before the attack ended is seen", async () => {
  let endAttack = () => {};
  const attack = new Promise<void>((resolve) => {
    endAttack = resolve;
  });
  const attacker = "Bob: \x1b[31mred\n";
  let words = 0;
  const serve = (socket: Socket) => {
    socket.write("You are Ann\n");
    createInterface({ input: socket }).on("line", (line) => {
      words += 1;
      // A busy server: what was said meanwhile leaves only now, before what is said next.
      if (words === 2) socket.write(attacker);
      socket.write(`Ann: ${line}\n`, () => endAttack());
    });
  };
  const server = createServer({ noDelay: true }, serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const witness = await Witness.join({ host: "127.0.0.1", port });
  onTestFinished(() => {
    witness.destroy();
    server.close();
  });
  const { others, unsafe, lost } = await witness.watch(attack);
  expect({ others, unsafe, lost }).toEqual({
    others: 1,
    unsafe: [attacker.trimEnd()],
    lost: 0,
  });
});
