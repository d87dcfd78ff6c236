// The memory that is lent to the kernel: blocks never overlap, and none leaks.
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { type Block, Blocks } from "../../examples/shared/poll/completion/blocks.ts";

const opened: Blocks[] = [];
function open(): Blocks {
  const blocks = new Blocks();
  opened.push(blocks);
  return blocks;
}
afterEach(() => {
  for (const blocks of opened.splice(0)) blocks.close();
});

test("take: a block is writable, and at least as long as requested", () => {
  const blocks = open();
  for (const size of [0, 1, 64, 65, 4096, 1 << 20, 3_000_001]) {
    const { bytes, address } = blocks.take(size);
    expect(bytes.length).toBeGreaterThanOrEqual(size);
    expect(address).toBeGreaterThan(0);
    bytes.fill(0xab);
    expect(bytes.at(-1)).toBe(0xab);
  }
});

test("give: a returned block is reused, and nothing more is mapped", () => {
  const blocks = open();
  const first = blocks.take(16_384);
  const { held } = blocks;
  blocks.give(first);
  for (let time = 0; time < 10_000; time += 1) blocks.give(blocks.take(16_384));
  expect(blocks.take(16_384)).toBe(first);
  expect(blocks.held).toBe(held);
  expect(blocks.lent).toBe(1);
});

test("take: blocks that are lent at the same time do not overlap", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ size: fc.nat(200_000), give: fc.boolean() }), {
        maxLength: 60,
      }),
      (steps) => {
        const blocks = new Blocks();
        const lent: Block[] = [];
        for (const { size, give } of steps) {
          lent.push(blocks.take(size));
          const oldest = give ? lent.shift() : undefined;
          if (oldest) blocks.give(oldest);
        }
        lent.sort((one, other) => one.address - other.address);
        for (const [index, { address, bytes }] of lent.entries()) {
          const next = lent[index + 1]?.address ?? Number.POSITIVE_INFINITY;
          expect(address + bytes.length).toBeLessThanOrEqual(next);
        }
        expect(blocks.lent).toBe(lent.length);
        blocks.close();
        expect(blocks.held).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});
