// Checks a behaviour of HTTP on a server.
import { Unmet } from "../../behaviours/client.ts";
import type { Address, HttpBehaviour } from "../../behaviours/http/behaviour.ts";
import { HttpClient } from "../../behaviours/http/client.ts";

interface HttpOutcome {
  readonly behaviour: HttpBehaviour;
  /** Undefined when the server shows the behaviour. */
  readonly unmet: Unmet | undefined;
  /** What was sent and received. */
  readonly transcript: readonly string[];
}

/**
 * @param patience Milliseconds to wait for each expected answer.
 */
export async function holdHttp(
  behaviour: HttpBehaviour,
  { host, port }: Address,
  patience: number,
): Promise<HttpOutcome> {
  const clients: HttpClient[] = [];
  let unmet: Unmet | undefined;
  try {
    await behaviour.run(async () => {
      const client = await HttpClient.connect(host, port, patience);
      clients.push(client);
      return client;
    });
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    unmet = error;
  } finally {
    for (const client of clients) client.close();
  }
  return { behaviour, unmet, transcript: clients.flatMap((one) => one.transcript) };
}
