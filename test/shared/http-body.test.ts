// Bodies framed by length or in chunks: the same result however they are split.
import fc from "fast-check";
import { expect, test } from "vitest";
import { BodyReader } from "../../examples/shared/http-body.ts";
import type { Framing } from "../../examples/shared/http-framing.ts";

const LIMIT = 1000;

/** Reads the bytes in pieces of these sizes. @returns The result, and the body's end. */
function read(framing: Framing, text: string, sizes: readonly number[]) {
  const reader = new BodyReader(framing, LIMIT);
  const bytes = Buffer.from(text, "latin1");
  let at = 0;
  let to = 0;
  for (let piece = 0; ; piece += 1) {
    const result = reader.read(bytes, at, to);
    at = result.at;
    if (result.is !== "more" || to === bytes.length) return { at, is: result.is };
    to = Math.min(bytes.length, to + (sizes[piece % sizes.length] ?? 1));
  }
}

/** Valid chunked bodies: chunks, extensions, trailers. */
const chunks = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 20 }),
        fc.constantFrom("", ";a", ";a=b", ' ; a="b;\\"" '),
      ),
      { maxLength: 5 },
    ),
    fc.constantFrom("", "X: y\r\n", "X:\r\nY: z\r\n"),
  )
  .map(([some, trailer]) => {
    const parts = some.map(([data, extension]) => {
      return `${data.length.toString(16)}${extension.trimEnd()}\r\n${data}\r\n`;
    });
    return `${parts.join("")}0\r\n${trailer}\r\n`;
  });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

test("the end of a chunked body is found, however it is split", () => {
  fc.assert(
    fc.property(chunks, sizes, (body, sizes) => {
      const whole = { at: body.length, is: "whole" };
      expect(read("chunked", `${body}GET /`, [10_000])).toEqual(whole);
      expect(read("chunked", `${body}GET /`, sizes)).toEqual(whole);
      expect(read("chunked", `${body}GET /`, [1])).toEqual(whole);
    }),
  );
});

test("a body framed by length ends after that many bytes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), sizes, (length, sizes) => {
      const body = "x".repeat(length);
      expect(read(length, `${body}more`, sizes)).toEqual({ at: length, is: "whole" });
      expect(read(length, body.slice(1), sizes).is).toBe("more");
    }),
  );
});

test("an invalid body is refused, however it is split", () => {
  const piece = fc.constantFrom(
    "5",
    "0",
    "\r\n",
    "\r",
    "\n",
    "hello",
    ";",
    "a",
    "=",
    '"',
    " ",
    "X: y",
    "ff",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), sizes, (pieces, sizes) => {
      const text = pieces.join("");
      const [whole, parts] = [
        read("chunked", text, [10_000]),
        read("chunked", text, sizes),
      ];
      expect(parts.is).toBe(whole.is);
      if (whole.is === "whole") expect(parts).toEqual(whole);
    }),
    { numRuns: 2000 },
  );
});

test("a body beyond the limit is refused", () => {
  const chunk = (length: number) => `${length.toString(16)}\r\n${"x".repeat(length)}\r\n`;
  expect(read("chunked", `${chunk(600)}${chunk(400)}0\r\n\r\n`, [99]).is).toBe("whole");
  expect(read("chunked", `${chunk(600)}${chunk(401)}0\r\n\r\n`, [99]).is).toBe(413);
  expect(read("chunked", "f".repeat(200), [1]).is).toBe("more");
  expect(read("chunked", "f".repeat(300), [1]).is).toBe(400);
});
