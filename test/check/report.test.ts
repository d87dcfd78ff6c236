// What just check prints: counts that add up, and failures grouped by their reason.
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import type { Behaviour } from "../../behaviours/behaviour.ts";
import { Unmet } from "../../behaviours/client.ts";
import { hold, holdAlone } from "../../behaviours/hold.ts";
import { STEPS } from "../../behaviours/steps.ts";
import { behavioursOf } from "../../behaviours/table.ts";
import type { Stop } from "../../scripts/check/hold-all.ts";
import { wrapped } from "../../scripts/check/print.ts";
import { Report } from "../../scripts/check/report.ts";
import { notRun, type Result, resultOf } from "../../scripts/check/result.ts";
import type { Target } from "../../scripts/check/target.ts";
import { serving } from "./bad-servers.ts";

const TARGET: Target = {
  kind: "running",
  name: "mine",
  host: "127.0.0.1",
  port: 1,
  words: "",
};

function reportOf(number: number, results: readonly Result[], stop?: Stop): string {
  const step = STEPS[number - 1];
  if (step === undefined) throw new Error(`no step ${number}`);
  const lines: string[] = [];
  const report = new Report(step, TARGET, { print: (text) => lines.push(text) });
  for (const result of results) report.add(result);
  report.finish(stop);
  return lines.join("\n");
}

function ended(behaviour: Behaviour, unmet?: Unmet): Result {
  const nothing = { silent: false, transcript: [], names: [], output: "" };
  return resultOf({ behaviour, unmet, ...nothing });
}

const virtues = (number: number) => behavioursOf(number).filter(({ defect }) => !defect);

test("what was not run is counted among what should hold", () => {
  const [first, second] = virtues(5);
  const results = behavioursOf(5).map((behaviour) => {
    if (behaviour === first) return ended(behaviour);
    if (behaviour === second) return ended(behaviour, new Unmet("ann to see a", "b"));
    return notRun(behaviour);
  });
  expect(behavioursOf(5).length).toBeGreaterThan(virtues(5).length);
  const all = virtues(5).length;
  expect(reportOf(5, results, "enough")).toContain(
    `\n1 of ${all} hold, all of 01; ${all - 2} not run\n`,
  );
});

test("defects that were not run are not counted", () => {
  const fails = new Unmet("ann to see a", "b");
  const of = (unmet?: Unmet) =>
    behavioursOf(1).map((one) => (one.defect ? notRun(one) : ended(one, unmet)));
  const all = virtues(1).length;
  expect(reportOf(1, of(fails))).toContain(`\n0 of ${all} hold\n`);
  expect(reportOf(1, of())).toContain(`\nAll ${all} hold: on to step 2`);
});

test("lines without a heart are one reason, also the one that ends the help", async () => {
  const help = "Server commands\n  /help - prints this message\n  /quit - quits server\n";
  const heartless = (socket: Socket) => {
    socket.write(help);
    socket.on("data", (text) => {
      for (const line of String(text).match(/.*\n/g) ?? [])
        socket.write(line === "/help\n" ? help : line);
    });
  };
  const names = [
    "answers with a heart",
    "answers a long line once",
    "answers /help with its commands",
  ];
  const results = await serving(heartless, async (server) => {
    const held: Result[] = [];
    for (const behaviour of virtues(5)) {
      if (!names.includes(behaviour.title)) continue;
      held.push(resultOf(await hold(behaviour, { server, step: 5, patience: 60_000 })));
    }
    return held;
  });
  const report = reportOf(5, results);
  expect(report).toMatch(
    /the same reason 2 times more: answers a long line once; answers \/help/,
  );
  expect(report).not.toContain("fence");
});

test.each([
  ["Zoe: hi", "<Zoe> hi", 1, "docs/09-names.md"],
  ["Zoe: hi", "hi", 4, "docs/09-names.md"],
  ["hi ❤️", "hi", 1, "docs/03-modify.md"],
  ["hi ❤️", "hi ❤", 1, "docs/03-modify.md"],
  // The form is right, or it is not what is wrong.
  ["Zoe: good day", "Zoe: good", 4, "docs/04-lines.md"],
  ["good day ❤️", "good ❤️", 1, "docs/01-echo.md"],
  ["Zoe: hi", "Bob: hi", 10, "docs/10-rename.md"],
  ["Zoe: hi", "You left main", 1, "docs/01-echo.md"],
])("the page that adds what a line lacks: %j, got %j", (line, got, from, page) => {
  const behaviour = behavioursOf(from).find((one) => one.from === from);
  if (behaviour === undefined) throw new Error("there is no such behaviour");
  const lines = { expected: line, got };
  const result = ended(behaviour, new Unmet(`ann to see "${line}"`, `"${got}"`, lines));
  expect(reportOf(Math.max(from, 9), [result])).toContain(`read      ${page}\n`);
});

test("silences are one reason for each page, or one when there are many", () => {
  const report = (silent: readonly number[]) => {
    const results = virtues(12).map((one) => {
      const nothing = new Unmet("ann to see a", "nothing within 2 s");
      return ended(one, silent.includes(one.from) ? nothing : undefined);
    });
    return reportOf(12, results).match(/^✗/gm)?.length;
  };
  expect(report([10])).toBe(1);
  expect(report([10, 12])).toBe(2);
  expect(report([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBe(1);
});

test("a line that should not come is reported apart from the answer after it", async () => {
  const [help] = virtues(5).filter(({ title }) => title.startsWith("answers /help"));
  const chatty = (socket: Socket) => {
    const lines =
      "Server commands\n  /help - prints this message\n  /quit - quits server\n";
    socket.write(lines);
    socket.on("data", () => socket.write(`${lines}and nothing else\n`));
  };
  const { unmet } = await serving(chatty, (server) => {
    if (help === undefined) throw new Error("there is no such behaviour");
    return hold(help, { server, step: 5, patience: 60_000 });
  });
  expect(unmet).toMatchObject({
    expected: 'ann to see nothing but the answer to "fence 1"',
    got: '"and nothing else"',
  });
});

/** How a server of one line fails the behaviour of step 1 that comes first. */
function outcomeOf(onConnection: string, title = "answers everything") {
  const behaviour = behavioursOf(2).find((one) => one.title.startsWith(title));
  if (behaviour === undefined) throw new Error("there is no such behaviour");
  const program = `require("node:net").createServer((socket) => { ${onConnection} })
    .listen(0, "127.0.0.1", function () {
      console.log("listening on 127.0.0.1:" + this.address().port);
    })`;
  const start = { command: [process.execPath, "-e", program] };
  return holdAlone(behaviour, { step: 2, patience: 60_000, start });
}

test("a server that ends by itself: how", async () => {
  const outcome = await outcomeOf("process.exit(3)");
  expect(outcome.unmet?.isCut).toBe(true);
  expect(outcome).toMatchObject({ ended: 3 });
  expect(reportOf(2, [resultOf(outcome)])).toContain(
    "\n    server    ended with code 3\n",
  );
});

test("what a server says when the checker closes its clients is no reason", async () => {
  const wrong = `socket.write("wrong\\n");
    socket.on("error", () => {});
    socket.on("close", () => { throw new Error("lost a client"); });`;
  const outcome = await outcomeOf(wrong);
  expect(outcome).toMatchObject({ unmet: { isCut: false }, ended: undefined });
  expect(reportOf(2, [resultOf(outcome)])).not.toContain("lost a client");
});

test.each([
  "a b, npx -y rust-just diff 2 3, docs/03-modify.md",
  `a b, just check 9 --cmd 'python3 "my, server.py" --port 0'  stops there`,
])("no line ends within a command: %s", (text) => {
  const long = `${"word ".repeat(16)}${text}`;
  const [command = ""] = /(?:npx|just).*?(?=, docs| {2}stops)/.exec(text) ?? [];
  expect(command).toMatch(/3$|'$/);
  expect(wrapped(long)).toContain(`\n${command}`);
});
