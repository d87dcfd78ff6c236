// Outputs: which commands may stand in a page, and what is said when one prints else.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { checkOutput, runOutput } from "../../scripts/docs/output/check-output.ts";
import { renderOutput } from "../../scripts/docs/output/output-figure.ts";
import { type Output, parseOutput } from "../../scripts/docs/output/parse-output.ts";
import { ALL } from "../requirements.ts";

const folders = mkdtempSync(join(tmpdir(), "outputs-"));
afterAll(() => rmSync(folders, { recursive: true }));

/** An output of a program that is made for this test. */
function outputOf(source: string, text: string): Output {
  const folder = mkdtempSync(join(folders, "output-"));
  const file = join(folder, "aside.ts");
  writeFileSync(file, source);
  const program = { kind: "aside", slug: "aside", file, step: undefined } as const;
  return { file: "docs/page.md", line: 10, command: "just example aside", program, text };
}

const ifAll = test.runIf(ALL);

describe.concurrent("an output", () => {
  test("is what the program prints", async () => {
    await checkOutput(
      outputOf('const line: string = "one";\nconsole.log(line);', "one\n"),
    );
  });

  test("that differs fails with the line of the page", async ({ expect }) => {
    const output = outputOf('console.log("one\\ntwo");', "one\nthree\n");
    await expect(checkOutput(output)).rejects.toThrow(
      "docs/page.md:12: Cannot confirm what just example aside prints: " +
        'expected "three", got "two"\nAll of it:\none\ntwo\n',
    );
  });

  ifAll("that is longer or shorter fails", async ({ expect }) => {
    const longer = outputOf('console.log("one\\ntwo");', "one\n");
    await expect(checkOutput(longer)).rejects.toThrow("12: Cannot confirm");
    const shorter = outputOf('console.log("one");', "one\ntwo\n");
    await expect(checkOutput(shorter)).rejects.toThrow('expected "two", got ""');
  });

  ifAll("of a program that fails is an error", async ({ expect }) => {
    const thrown = outputOf('console.log("one"); throw new Error("broken");', "one\n");
    await expect(runOutput(thrown)).rejects.toThrow(
      /^docs\/page.md:10: Cannot run just example aside: it ended with 1\none\n.*broken/s,
    );
    const warned = outputOf('console.error("careful");', "");
    await expect(runOutput(warned)).rejects.toThrow(
      "it wrote to its error output\ncareful",
    );
  });

  ifAll(
    "of a program that does not end ends what it has started, too",
    async ({ expect }) => {
      const endless = outputOf(
        `import { spawn } from "node:child_process";
      spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });`,
        "",
      );
      // That holds the output: without an end of its own this would wait for it.
      await expect(runOutput(endless, 4_000)).rejects.toThrow(
        "it did not end within 4 s",
      );
    },
  );

  ifAll("of a program that does not end is an error", async ({ expect }) => {
    const endless = outputOf('console.log("one"); setInterval(() => {}, 1000);', "one\n");
    await expect(runOutput(endless, 2_000)).rejects.toThrow("it did not end within 2 s");
  });

  const CANNOT = {
    output: '"" must be `just example`',
    "output rm -rf /": '"rm -rf /" must be `just example`',
    "output just example eager; rm x": "must be `just example`",
    "output just example no-such-aside": 'there is no step "no-such-aside"',
    "output just example 6": "06-concurrent is a server: write a session",
  };
  for (const [info, problem] of Object.entries(CANNOT)) {
    test(`cannot be "${info}"`, ({ expect }) => {
      const parse = () => parseOutput({ file: "docs/page.md", line: 10, info, text: "" });
      expect(parse).toThrow("docs/page.md:10: Cannot read the output: ");
      expect(parse).toThrow(problem);
    });
  }

  test("is drawn with its command", ({ expect }) => {
    const drawn = renderOutput(outputOf("", "a < b\n"));
    expect(drawn).toContain("<code>just example aside</code>");
    expect(drawn).toContain("<code>a &lt; b\n</code>");
  });
});
