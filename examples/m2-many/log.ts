// A log at a broker, NATS with JetStream: entries in one order, the same for all servers.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  type StreamInfo,
  type StreamState,
} from "@nats-io/jetstream";
import {
  connect,
  InvalidArgumentError,
  type NatsConnection,
  PermissionViolationError,
} from "@nats-io/transport-node";

/** The result of an append. */
interface Appended {
  /** The number of the entry, or of the one that came first. */
  readonly seq: number;
  /** False when the subject's last entry was not the expected one: nothing was appended. */
  readonly done: boolean;
}

/** Called once for each entry, in the order of their numbers. */
type Reader<Entry> = (seq: number, entry: Entry) => void;

const STREAM = "chat";
const PREFIX = "chat.";
const BEATS = "chat-beats";
/** The oldest nats-server with the features that we use. */
const OLDEST = [2, 9] as const;
/** How many entries the log keeps of each subject: a room's history. */
const HISTORY = 10_000;
/** How many bytes of an entry we leave for its headers: its id, and what it expects. */
const HEADERS = 256;
/** How long an answer may take before a retry, and the pause before it, in milliseconds. */
const ANSWER = 2_000;
const RETRY = 100;
/** How often to check that the log is still there and is being read, in milliseconds. */
const WATCH = 1_500;
/** How long an entry may wait before its users are notified, in milliseconds. */
const AWAY = 2_000;
/** How long the broker may take to become ready, in milliseconds: long enough to elect. */
const READY = 10_000;
/** What to look for when nothing comes back. A lost connection is noticed after a while. */
const NO_CONNECTION =
  "no connection to the broker; is it running, and can it be reached?";
const NO_ANSWER =
  "no answer from the broker; if its disk is full, make room there and restart it";
/** JetStream's error codes: another entry came first; no such stream; no room. */
const WRONG_LAST = 10071;
const NO_STREAM = 10059;
const FULL = new Set([10023, 10047, 10077, 10122]);

/** The broker cannot be used, or has another log now. The message is one line. */
class BrokerError extends Error {
  override readonly name = "BrokerError";
}

/** A log of entries, of which it knows nothing but their subjects. */
export class Log<Entry> {
  readonly #subjectOf: (entry: Entry) => string;
  readonly #broker: string;
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #manager: JetStreamManager;
  /** When the stream was created, to detect that it was replaced. */
  readonly #created: string;
  readonly #onEnd: (error: BrokerError) => void;
  #reader: Reader<Entry> = () => {};
  /** The number of the last entry read, and its value at the last check if it lagged. */
  #read = 0;
  #readBefore = -1;
  /** How many entries the broker had for us after that one. */
  #pending = Number.POSITIVE_INFINITY;
  /** Counts the consumers. Whatever an earlier one still delivers is ignored. */
  #consumers = 0;
  #stop = () => {};
  /** When each entry was sent that is not in the log yet, in order. */
  readonly #waiting = new Set<{ readonly since: number }>();
  /** Why the last attempt failed; undefined when it succeeded, or the reason is unknown. */
  #trouble: string | undefined;
  #isConnected = true;

  private constructor(
    subjectOf: (entry: Entry) => string,
    broker: string,
    connection: NatsConnection,
    manager: JetStreamManager,
    info: StreamInfo,
    onEnd: (error: BrokerError) => void,
  ) {
    this.#subjectOf = subjectOf;
    this.#broker = broker;
    this.#connection = connection;
    this.#jetstream = jetstream(connection, { timeout: ANSWER });
    this.#manager = manager;
    this.#created = `${info.created}`;
    this.#onEnd = onEnd;
    setInterval(() => void this.#watch(), WATCH).unref();
    void this.#watchConnection();
    void connection.closed().then((error) => {
      this.#end(`the connection is closed${error ? `, ${error.message}` : ""}`);
    });
  }

  /**
   * Connects to a broker, and creates the log if there is none.
   *
   * @param broker `host:port`, preceded by `user:password@` or `token@` if required.
   *   Several brokers of one cluster are separated by commas; with three or more, the log
   *   has three copies.
   * @param longest How many bytes the longest entry has as JSON.
   * @param onEnd Called when the log is lost for good, and with it all that was read.
   * @throws {BrokerError} When the broker cannot be used; the message says what to do.
   */
  static async connect<Entry>(
    broker: string,
    subjectOf: (entry: Entry) => string,
    longest: number,
    onEnd: (error: BrokerError) => void,
  ): Promise<Log<Entry>> {
    const [, credentials = "", hosts = ""] = /^(?:(.*)@)?(.*)$/.exec(broker) ?? [];
    const connection = await dial(hosts, credentials);
    const fail = async (why: string): Promise<never> => {
      await connection.close();
      throw new BrokerError(`Cannot use the broker at ${hosts}: ${why}`);
    };
    const version = connection.info?.version ?? "";
    if (!isNewEnough(version)) {
      return fail(`it is nats-server ${version}; take ${OLDEST.join(".")} or newer`);
    }
    if (longest > maxEntryOf(connection)) {
      const needed = longest + HEADERS;
      return fail(`raise its max_payload to ${needed} bytes, or lower --max-message`);
    }
    const deadline = performance.now() + READY;
    for (;;) {
      try {
        const manager = await jetstreamManager(connection, { timeout: ANSWER });
        const replicas = hosts.split(",").length > 2 ? 3 : 1;
        const info = await openStream(manager, replicas);
        if (!info.config.subjects?.includes(`${PREFIX}>`))
          return fail(`it has another stream called ${STREAM}; take another broker`);
        await tryToAppend(connection);
        return new Log(subjectOf, hosts, connection, manager, info, onEnd);
      } catch (error) {
        const denied = deniedBy(error);
        if (denied !== undefined) return fail(denied);
        if (isFull(error)) return fail("its disk is full; make room there");
        // A cluster may be electing a leader. A single broker answers at once.
        const isAlone = !hosts.includes(",") && /not enabled/.test(`${error}`);
        if (isAlone) return fail("JetStream is switched off; start it with -js");
        if (performance.now() > deadline) return fail((error as Error).message);
      }
      await sleep(RETRY);
    }
  }

  /** How many bytes an entry may have as JSON. */
  get maxEntry(): number {
    return maxEntryOf(this.#connection);
  }

  /** Why entries wait for the broker for longer than usual; undefined when none does. */
  get away(): string | undefined {
    const [first] = this.#waiting;
    if (first === undefined || performance.now() - first.since < AWAY) return undefined;
    if (!this.#isConnected) return NO_CONNECTION;
    return this.#trouble ?? NO_ANSWER;
  }

  /**
   * Appends an entry, which takes effect when it is read. Retries until it succeeds, always
   * with the same id, so that the entry is not appended twice.
   *
   * @param expected The number of its subject's last entry, 0 for none. If the last entry
   *   is another one, nothing is appended (compare-and-set).
   */
  async append(entry: Entry, expected?: number): Promise<Appended> {
    const payload = JSON.stringify(entry);
    const options = {
      msgID: randomUUID(),
      timeout: ANSWER,
      retries: 1,
      ...(expected !== undefined && { expect: { lastSubjectSequence: expected } }),
    };
    const waiting = { since: performance.now() };
    this.#waiting.add(waiting);
    for (;;) {
      try {
        const subject = PREFIX + this.#subjectOf(entry);
        const { seq } = await this.#jetstream.publish(subject, payload, options);
        this.#waiting.delete(waiting);
        this.#trouble = undefined;
        return { seq, done: true };
      } catch (error) {
        const last = lastSequenceIn(error);
        if (last !== undefined) {
          this.#waiting.delete(waiting);
          return { seq: last, done: false };
        }
        this.#trouble = whyNotAppended(error);
      }
      await sleep(RETRY);
    }
  }

  /**
   * Reads the log from now on, beginning with the last entry of each subject.
   *
   * @returns A promise that resolves when all existing entries have been read.
   */
  async follow(reader: Reader<Entry>): Promise<void> {
    this.#reader = reader;
    const { messages, last_seq: last } = await this.#begin();
    // The last entry may have been deleted: then nothing is pending after an earlier one.
    while (messages > 0 && this.#pending > 0 && this.#read < last) await sleep(5);
    this.#read = Math.max(this.#read, last);
  }

  /** Starts to read. @returns What is in the log. */
  async #begin(): Promise<StreamState> {
    const deadline = performance.now() + READY;
    for (;;) {
      try {
        const { state } = await this.#manager.streams.info(STREAM);
        await this.#consume();
        return state;
      } catch (error) {
        // The broker may be busy: retry.
        if (performance.now() > deadline) this.#end((error as Error).message);
      }
      await sleep(RETRY);
    }
  }

  /** Notifies all servers that this one is alive. */
  beat(life: string): void {
    if (!this.#connection.isClosed()) this.#connection.publish(BEATS, life);
  }

  /**
   * Calls back for each beat of each server, including this one.
   *
   * @returns A promise that resolves when the broker has permitted us to beat and to hear.
   */
  async onBeat(heard: (life: string) => void): Promise<void> {
    this.#connection.subscribe(BEATS, {
      callback: (error, message) => {
        if (!error) heard(message.string());
      },
    });
    this.beat("");
    // A refusal comes before the answer. A connection that is lost now is watched anyway.
    await this.#connection.flush().catch(() => {});
  }

  /** Continues after the last entry read, with a new consumer in place of the last. */
  async #consume(): Promise<void> {
    this.#consumers += 1;
    const number = this.#consumers;
    this.#stop();
    const from =
      this.#read === 0
        ? { deliver_policy: DeliverPolicy.LastPerSubject }
        : {
            deliver_policy: DeliverPolicy.StartSequence,
            opt_start_seq: this.#read + 1,
          };
    const consumer = await this.#jetstream.consumers.get(STREAM, {
      ...from,
      filter_subjects: `${PREFIX}>`,
    });
    const messages = await consumer.consume({
      callback: (message) => {
        if (number !== this.#consumers || message.seq <= this.#read) return;
        this.#read = message.seq;
        this.#pending = message.info.pending;
        try {
          this.#reader(message.seq, message.json<Entry>());
        } catch (error) {
          // The client would hide it, and we would read on without the entry.
          this.#end(`entry ${message.seq} cannot be read: ${(error as Error).message}`);
        }
      },
    });
    this.#stop = () => messages.stop();
    if (number !== this.#consumers) messages.stop();
  }

  /**
   * Checks that the log is still the one that we have read, and that reading makes
   * progress: a consumer can stall, for example after an election, while appends succeed.
   */
  async #watch(): Promise<void> {
    // Saved first, because more may be read before the answer comes.
    const read = this.#read;
    try {
      const { created, state } = await this.#manager.streams.info(STREAM);
      if (`${created}` !== this.#created || state.last_seq < read) {
        this.#end("its log is not the one that we have read");
      }
      const isBehind = state.last_seq > this.#read;
      if (isBehind && this.#read === this.#readBefore) await this.#consume();
      this.#readBefore = isBehind ? this.#read : -1;
    } catch (error) {
      if (codeOf(error) === NO_STREAM) this.#end("its log is gone");
      // Otherwise it does not answer now, and the next check tries again.
    }
  }

  async #watchConnection(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type === "disconnect") this.#isConnected = false;
      else if (status.type === "reconnect") this.#isConnected = true;
      else if (status.type === "error") {
        // It would be refused forever.
        const denied = deniedBy(status.error);
        if (denied !== undefined) this.#end(denied);
      }
    }
  }

  #end(why: string): void {
    this.#onEnd(
      new BrokerError(`Cannot go on with the broker at ${this.#broker}: ${why}`),
    );
  }
}

async function dial(hosts: string, credentials: string): Promise<NatsConnection> {
  // Both may contain colons. The broker takes the one that it is configured for.
  const [user = "", ...pass] = credentials.split(":");
  const login = { token: credentials, user, pass: pass.join(":") };
  try {
    return await connect({
      servers: hosts.split(","),
      ...(credentials !== "" && login),
      timeout: ANSWER,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 0,
      // A broker that is cut off can only be detected by its silence.
      pingInterval: 1_000,
      maxPingOut: 2,
    });
  } catch (error) {
    const why = whyNotConnected((error as Error).message);
    throw new BrokerError(`Cannot use the broker at ${hosts}: ${why}`);
  }
}

/** Turns an error of the NATS client, or of Node below it, into what to do. */
function whyNotConnected(message: string): string {
  if (/authori[sz]ation/i.test(message))
    return "it refuses our credentials; name them in BROKER=user:password@host:port";
  if (/refused/.test(message))
    return "nobody answers there; start one, for example: nats-server -js";
  if (/ENOTFOUND|EAI_AGAIN/.test(message))
    return "no host has that name; check it in BROKER=HOST:PORT";
  if (/invalid url/i.test(message)) return "it must be HOST:PORT";
  return `what is there does not answer as a broker: ${message}`;
}

/** Opens the log's stream, and creates it if there is none. */
async function openStream(
  manager: JetStreamManager,
  replicas: number,
): Promise<StreamInfo> {
  try {
    return await manager.streams.info(STREAM);
  } catch (error) {
    if (codeOf(error) !== NO_STREAM) throw error;
  }
  return manager.streams.add({
    name: STREAM,
    subjects: [`${PREFIX}>`],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: HISTORY,
    num_replicas: replicas,
  });
}

/** Whether we may append is known only by trying. No entry has that number: it fails. */
async function tryToAppend(connection: NatsConnection): Promise<void> {
  const expect = { lastSubjectSequence: Number.MAX_SAFE_INTEGER };
  await jetstream(connection, { timeout: ANSWER })
    .publish(`${PREFIX}probe`, "", { expect, retries: 1 })
    .catch((error) => {
      if (deniedBy(error) !== undefined) throw error;
    });
}

/** How many bytes an entry may have as JSON. */
function maxEntryOf(connection: NatsConnection): number {
  return (connection.info?.max_payload ?? Number.POSITIVE_INFINITY) - HEADERS;
}

/** What the broker does not permit us, if that is the error. */
function deniedBy(error: unknown): string | undefined {
  const { cause } = error as Error;
  const denied = error instanceof PermissionViolationError ? error : cause;
  if (!(denied instanceof PermissionViolationError)) return undefined;
  const { operation, subject } = denied;
  const what = operation === "publish" ? "publish" : "subscribe";
  return `its user may not ${what} to ${subject}; permit it there`;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldest, oldestMinor] = OLDEST;
  return major > oldest || (major === oldest && minor >= oldestMinor);
}

function codeOf(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}

/** Why an entry is not in the log; undefined when there was no answer. */
function whyNotAppended(error: unknown): string | undefined {
  if (isFull(error)) return "the broker's disk is full; make room there";
  if (error instanceof JetStreamApiError || error instanceof InvalidArgumentError)
    return `the broker refuses an entry; ${error.message}`;
  return undefined;
}

function isFull(error: unknown): boolean {
  return FULL.has(codeOf(error) ?? 0);
}

/** The number of the entry that came first, from JetStream's error message. */
function lastSequenceIn(error: unknown): number | undefined {
  if (codeOf(error) !== WRONG_LAST) return undefined;
  const found = /wrong last sequence: (\d+)/.exec((error as Error).message);
  return found ? Number(found[1]) : undefined;
}
