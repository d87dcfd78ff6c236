// refusals: a client beyond the limits is sent the reason, and disconnected.
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Refusals } from "../../examples/shared/refusals.ts";

/** What a refused client reads that never closes by itself. */
async function refused(refusals: Refusals, says = ""): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    refusals.refuse(socket, "Server is full\n");
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let text = "";
  client.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  client.on("error", () => {});
  client.write(says);
  await once(client, "end");
  // The server closes although the client does not.
  await new Promise<void>((resolve) => server.close(() => resolve()));
  client.destroy();
  return text;
}

test("a client is sent the reason, and disconnected a moment later", async () => {
  expect(await refused(new Refusals(1, 20), "hello\n")).toBe("Server is full\n");
});

test("one refusal too many is disconnected as soon as the reason is sent", async () => {
  expect(await refused(new Refusals(0, 1e6))).toBe("Server is full\n");
});
