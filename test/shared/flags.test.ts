// flags: described once, for parsing and for --help.
import { describe, expect, test } from "vitest";
import {
  choice,
  describeFlags,
  ipAddress,
  number,
  readFlags,
  seconds,
  text,
  toggle,
  UsageError,
} from "../../examples/shared/flags.ts";

const FLAGS = {
  Where: { ip: ipAddress("127.0.0.1", "the address", { short: "i" }) },
  Limits: {
    burst: number(20, "lines at once", { min: 1, max: 99 }),
    rate: number(10, "lines a second", { fraction: true }),
  },
  Help: { help: toggle("prints this", { short: "h" }) },
};

describe("flags", () => {
  test("have their defaults when they are not given", () => {
    const values = readFlags(FLAGS, []);
    expect(values).toEqual({ ip: "127.0.0.1", burst: 20, rate: 10, help: false });
  });

  test("are parsed as numbers, texts and switches; the last of two wins", () => {
    const args = ["--rate", "0.5", "--burst", "3", "--burst=4", "-i", "::1", "-h"];
    const values = readFlags(FLAGS, args);
    expect(values).toEqual({ ip: "::1", burst: 4, rate: 0.5, help: true });
  });

  test.each([
    [["--burst", "0"], 'Cannot set --burst to "0": not a whole number from 1 to 99'],
    [["--burst", "100"], 'Cannot set --burst to "100": not a whole number from 1 to 99'],
    [["--burst", "1.5"], 'Cannot set --burst to "1.5": not a whole number from 1 to 99'],
    [["--burst", "1e1"], 'Cannot set --burst to "1e1": not a whole number from 1 to 99'],
    [["--burst", ""], 'Cannot set --burst to "": not a whole number from 1 to 99'],
    [["--rate", "-1"], 'Cannot set --rate to "-1": not a number from 0 to 1000000000'],
    [["-i", "-1"], 'Cannot set --ip to "-1": not an IP address'],
    [["--rate", "x"], 'Cannot set --rate to "x": not a number from 0 to 1000000000'],
    [
      ["--speed", "9"],
      "Cannot read the command line: Unknown option '--speed'; try --help",
    ],
    [
      ["--rate"],
      "Cannot read the command line: Option '--rate <value>' argument missing; try --help",
    ],
  ])("are refused in one line when they make no sense: %j", (args, message) => {
    expect(() => readFlags(FLAGS, args)).toThrow(new UsageError(message));
  });

  test.each([[["extra"]], [["--help=yes"]], [["-i", "-h"]]])(
    "are refused with a one-line error: %j",
    (args) => {
      expect(() => readFlags(FLAGS, args)).toThrow(
        /^Cannot read the command line: [^\n]+$/,
      );
    },
  );

  test("may take an address, or a time", () => {
    const flags = {
      All: { ip: ipAddress("::1", "the address"), wait: seconds(1, "seconds") },
    };
    const args = ["--ip=192.0.2.1", "--wait=0.5"];
    expect(readFlags(flags, args)).toEqual({ ip: "192.0.2.1", wait: 0.5 });
    expect(() => readFlags(flags, ["--ip=localhost"])).toThrow(
      new UsageError('Cannot set --ip to "localhost": not an IP address'),
    );
    expect(() => readFlags(flags, ["--wait=1000001"])).toThrow(
      new UsageError('Cannot set --wait to "1000001": not a number from 0 to 1000000'),
    );
  });

  test("may refuse a text", () => {
    const even = {
      must: "of even length",
      accepts: (one: string) => one.length % 2 === 0,
    };
    const flags = { Words: { word: text("", "a word", even) } };
    expect(readFlags(flags, ["--word=ab"])).toEqual({ word: "ab" });
    const message = 'Cannot set --word to "abc": not of even length';
    expect(() => readFlags(flags, ["--word=abc"])).toThrow(new UsageError(message));
  });

  const inherited = {
    Log: {
      level: choice("info", "how much is logged", ["info", "debug"], { env: "LEVEL" }),
      lines: number(5, "lines", { env: "LINES" }),
    },
  };

  test("are read from the environment, unless the command line has them", () => {
    const env = { LEVEL: "debug", LINES: "7" };
    expect(readFlags(inherited, [], env)).toEqual({ level: "debug", lines: 7 });
    const args = ["--level", "info", "--lines=8"];
    expect(readFlags(inherited, args, env)).toEqual({ level: "info", lines: 8 });
    // A variable that is not used may be invalid.
    expect(readFlags(inherited, ["--level=info"], { LEVEL: "loud" }).level).toBe("info");
  });

  test.each([
    [["--level", "loud"], {}, 'Cannot set --level to "loud": not info, debug'],
    [[], { LEVEL: "loud" }, 'Cannot set LEVEL to "loud": not info, debug'],
    [
      [],
      { LINES: "x" },
      'Cannot set LINES to "x": not a whole number from 0 to 1000000000',
    ],
  ])("are refused by the name that the user gave them: %j %j", (args, env, message) => {
    expect(() => readFlags(inherited, args, env)).toThrow(new UsageError(message));
  });

  test("are described with their variables", () => {
    expect(describeFlags(inherited)).toContain(
      `how much is logged, or LEVEL (info)\n${" ".repeat(27)}info, debug\n`,
    );
  });

  test("are described in groups, with their defaults", () => {
    expect(describeFlags(FLAGS)).toBe(`Where:
  -i, --ip TEXT            the address (127.0.0.1)

Limits:
      --burst N            lines at once (20)
      --rate N             lines a second (10)

Help:
  -h, --help               prints this
`);
  });
});
