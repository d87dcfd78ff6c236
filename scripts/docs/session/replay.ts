// Replays a session against the real server, and tells where the two differ.
//
// What a client types is sent when all that stands above it, of all clients, has come. The
// lines of one client come in the order in which they stand there, and are equal; those of
// different clients may come in any order between two things that somebody does. Nothing
// may be left over: at the end all that is on its way is waited for.
//
// A line is what comes up to a line feed. The servers of 01 to 03 answer bytes, wherever a
// line may end: there a line is complete too when what came is equal to it so far, and a
// line feed that follows belongs to it.
import { actorOf, type Session, type SessionEvent } from "./session-event.ts";
import { Stage, type StageOptions } from "./stage.ts";
import { Witness } from "./witness.ts";

/**
 * Replays a session against a server of its own.
 *
 * @returns What was done and seen, a line for each.
 * @throws {Mismatch} When the server does something else.
 * @throws {UsageError | Failure} When there is no such server, or it does not start.
 */
export async function replay(
  session: Session,
  options: StageOptions = {},
): Promise<string[]> {
  const stage = await Stage.open(session, options);
  try {
    await play(session, stage);
    return stage.transcript;
  } finally {
    await stage.close();
  }
}

async function play(session: Session, stage: Stage): Promise<void> {
  const { events } = session;
  const witness = new Witness(session, stage);
  const first = events.find(({ kind }) => kind === "prints");
  // That it listens goes without saying.
  if (!(first?.kind === "prints" && first.text.startsWith("listening on"))) {
    await stage.printed();
  }
  for (const [index, event] of events.entries()) {
    const actor = actorOf(event);
    const next = events.slice(index + 1).find((one) => actorOf(one) === actor);
    const seesMore =
      next !== undefined && ["sees", "skips", "closed"].includes(next.kind);
    await perform(event, seesMore, stage, witness);
    await stage.watcher?.arrived();
    // One that has left sees its connection end, after the last line it sees.
    const isVisible = ["sees", "skips", "leaves"].includes(event.kind);
    if (!isVisible || seesMore || !("client" in event)) continue;
    if (stage.peer(event.client).leaving) await witness.expectEnd(event);
  }
  const line = events.at(-1)?.line ?? session.line;
  if (events.some(({ kind }) => kind === "ends")) await witness.expectAllEnd(line);
  else await witness.expectNothing(line, "that nothing more comes");
  await stage.close();
  const prints = events.some(({ kind }) => kind === "prints");
  if (prints && !witness.printsSome) await witness.expectNoPrint(line);
}

async function perform(
  event: SessionEvent,
  seesMore: boolean,
  stage: Stage,
  witness: Witness,
): Promise<void> {
  switch (event.kind) {
    case "connects":
      if (await stage.connect(event.client, event.server)) return;
      return witness.fail(event.line, `${event.client} to be connected`, "a refusal");
    case "refused":
      if (await stage.refuses(event.client)) return;
      return witness.fail(event.line, `${event.client} to be refused`, "a connection");
    case "types":
      return stage.type(event);
    case "sees":
      return witness.see(event);
    case "skips":
      return witness.skip(event, !seesMore);
    case "nothing":
      return witness.expectNothing(
        event.line,
        `${event.client} to see nothing`,
        event.client,
      );
    case "leaves":
      stage.note(`${event.client} leaves`);
      return stage.peer(event.client).finishes();
    case "resets":
      stage.note(`${event.client} resets`);
      return stage.peer(event.client).resets();
    case "closed":
      return witness.expectEnd(event);
    case "prints":
      return witness.print(event);
    case "prints-some":
      witness.printsSome = true;
      return;
    case "interrupted":
      return stage.interrupt();
    case "fails":
      return stage.fails(event.server, event.how);
    case "ends": {
      const code = await stage.ended();
      if (code === event.code) return;
      return witness.fail(
        event.line,
        `the server to end with ${event.code}`,
        code === undefined ? "that it runs on" : `an end with ${code}`,
      );
    }
    default:
      return event satisfies never;
  }
}
