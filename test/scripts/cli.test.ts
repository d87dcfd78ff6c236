// What commands take for a port, and for an address.
import { expect, onTestFinished, test, vi } from "vitest";
import {
  parseAddress,
  parsePort,
  readOptions,
  splitArgs,
  UsageError,
} from "../../scripts/cli.ts";

test.each(["0", "1", "42069", "65535"])("%j is a port", (text) => {
  expect(parsePort(text)).toBe(Number(text));
});

test.each(["x", "-1", "65536", "1.5", "", " 1"])("%j is no port", (text) => {
  expect(() => parsePort(text)).toThrow(UsageError);
  expect(() => parsePort(text)).toThrow(`Cannot use port "${text}"`);
});

test.each([
  ["42069", { host: "127.0.0.1", port: 42069 }],
  ["example.com:1", { host: "example.com", port: 1 }],
  ["[::1]:65535", { host: "::1", port: 65535 }],
])("%j is an address", (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

test.each(["here", "127.0.0.1:", "1.2.3.4:99999", ":42069", "::1:42069", "1.2.3.4:0"])(
  "%j is no address",
  (text) => {
    expect(() => parseAddress(text)).toThrow(UsageError);
    expect(() => parseAddress(text)).toThrow(`Cannot use address "${text}"`);
  },
);

test.each(["--port -1", "-p -1", "--port=-1"])("-1 is a value in %j", (words) => {
  const options = { port: { type: "string", short: "p" } } as const;
  const { values } = readOptions("just x", { args: words.split(" "), options });
  expect(values.port).toBe("-1");
});

test.each([
  [["--port"], "Cannot use --port: it needs a value"],
  [["--port", "--watch"], "Cannot use --port: it needs a value"],
  [["-p"], "Cannot use --port: it needs a value"],
  [["--watch=1"], "Cannot use --watch: it takes no value"],
])("%j has a value too few or too many", (args, message) => {
  const options = {
    port: { type: "string", short: "p" },
    watch: { type: "boolean" },
  } as const;
  expect(() => readOptions("just x", { args, options })).toThrow(message);
});

test("an option that npm took is refused, unless it is given too", () => {
  vi.stubEnv("npm_command", "run-script");
  vi.stubEnv("npm_config_port", "0");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const options = { port: { type: "string" } } as const;
  const read = (...args: string[]) => readOptions("just example N", { args, options });
  expect(() => read("6", "0")).toThrow(
    "Cannot use --port: npm took it for itself. Options go after --: npm run example -- … --port",
  );
  expect(read("6", "--port=1").values.port).toBe("1");
});

// just and npm remove the first --.
test.each([
  ["6", "6", ""],
  ["-p 0 6 -w", "-p 0 6 -w", ""],
  ["r6 --threads 2 -p 0", "r6 -p 0", "--threads 2"],
  ["r6 -- --threads 2", "r6 --", "--threads 2"],
  ["r6 -w -- --port 0 --help", "r6 -w --", "--port 0 --help"],
  ["18 -i ::1 --rate=2 --limit-loopback", "18", "-i ::1 --rate=2 --limit-loopback"],
  ["goodbye --exact --help", "goodbye --help", "--exact"],
  ["6 more", "6", "more"],
  ["--wath 6", "--wath 6", ""],
  ["-wx 6 -wx", "-wx 6 -wx", ""],
  ["-- 6 --rate 2", "-- 6", "--rate 2"],
  ["6 --port", "6 --port", ""],
])("in %j, %j is ours and %j is the program's", (words, ours, theirs) => {
  const options = {
    port: { type: "string", short: "p" },
    watch: { type: "boolean", short: "w" },
  } as const;
  const list = (text: string) => text.split(" ").filter((word) => word !== "");
  expect(splitArgs(list(words), options)).toEqual({
    ours: list(ours),
    theirs: list(theirs),
  });
});
