// The error that a server reports, as the languages print it.
import { expect, test } from "vitest";
import { startServer } from "../../behaviours/server.ts";
import { lastWords, saidBy, serverError, started } from "../../scripts/server-error.ts";

const NODE = `listening on 127.0.0.1:4000
/home/ann/mine.mjs:7
    throw new TypeError("x is not iterable");
          ^

TypeError: x is not iterable
    at Array.map (<anonymous>)
    at Socket.emit (node:events:524:28)
    at answer (file:///home/ann/mine.mjs:7:11)
    at file:///home/ann/mine.mjs:20:3

Node.js v20.20.2
`;
const TAKEN = `node:events:495
      throw er; // Unhandled 'error' event

Error: listen EADDRINUSE: address already in use 127.0.0.1:4000
    at Server.setupListenHandle [as _listen2] (node:net:1908:16)
`;
const PYTHON = `listening on 127.0.0.1:4000
Traceback (most recent call last):
  File "/home/ann/mine.py", line 30, in <module>
    asyncio.run(main())
  File "/home/ann/mine.py", line 12, in greet
    writer.writ(b"hello")
  File "/usr/lib/python3.12/asyncio/streams.py", line 12, in x
    y()
AttributeError: 'StreamWriter' object has no attribute 'writ'
`;
const GO = `listening on 127.0.0.1:4000
panic: runtime error: index out of range [3] with length 3

goroutine 18 [running]:
main.answer(...)
\t/home/ann/step6/main.go:31 +0x1d
created by main.main in goroutine 1
`;
const RUST = `thread 'main' panicked at src/main.rs:12:20:
called \`Option::unwrap()\` on a \`None\` value
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace
`;
const RUBY = `mine.rb:9:in 'Object#answer': undefined method 'foo' for nil (NoMethodError)
\tfrom mine.rb:20:in '<main>'
`;
const JAVA = `Exception in thread "main" java.lang.NullPointerException: the line
\tat Mine.answer(Mine.java:31)
\tat Mine.main(Mine.java:12)
`;
const TSX = `
node:internal/modules/run_main:123
    triggerUncaughtException(
    ^
Error [TransformError]: Transform failed with 1 error:
/home/ann/mine.ts:29:10: ERROR: Unexpected "="
    at failureErrorWithLog (/home/ann/node_modules/esbuild/lib/main.js:1752:15)

Node.js v20.20.2
`;
const NODE_SYNTAX = `file:///home/ann/mine.mjs:2
const a = = 1;
          ^

SyntaxError: Unexpected token '='
    at compileSourceTextModule (node:internal/modules/esm/utils:346:16)

Node.js v20.20.2
`;
const NODE_TYPES = `/home/ann/mine.ts:1
const a: number = = 1;
                  ^

SyntaxError [ERR_INVALID_TYPESCRIPT_SYNTAX]: Expression expected
    at parseTypeScript (node:internal/modules/typescript:67:36) {
  code: 'ERR_INVALID_TYPESCRIPT_SYNTAX'
}
`;
const PYTHON_SYNTAX = `  File "/home/ann/mine.py", line 3
    x = = 3
        ^
SyntaxError: invalid syntax
`;
const PYTHON_IMPORT = `Traceback (most recent call last):
  File "/home/ann/mine.py", line 1, in <module>
    import names
${PYTHON_SYNTAX.replace("mine", "names")}`;
const GO_SYNTAX = `# command-line-arguments
./main.go:5:7: undefined: listen
./main.go:9:2: undefined: accept
`;
const RUST_BACKTRACE = `thread 'main' panicked at src/main.rs:12:20:
called \`Option::unwrap()\` on a \`None\` value
stack backtrace:
   0: rust_begin_unwind
             at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5
   1: mine::main
             at ./src/main.rs:12:20
`;
const RUST_SYNTAX = `warning: unused variable: \`n\`
 --> src/main.rs:1:9

error[E0308]: mismatched types
 --> src/main.rs:3:18
  |
3 |     let x: u32 = "a";
  |            ---   ^^^ expected \`u32\`, found \`&str\`

error: could not compile \`chat\` (bin "chat") due to 1 previous error
`;
const C_SYNTAX = `mine.c: In function ‘main’:
mine.c:3:11: error: expected expression before ‘=’ token
    3 |   int x = = 3;
      |           ^
`;
const JAVA_SYNTAX = `Mine.java:3: error: illegal start of expression
    int x = = 3;
            ^
1 error
error: compilation failed
`;
const SHELL_SYNTAX = "mine.sh: line 2: syntax error near unexpected token `fi'\n";

test.each([
  ["tsx", TSX, ['/home/ann/mine.ts:29:10: ERROR: Unexpected "="']],
  [
    "Node, of what it cannot parse",
    NODE_SYNTAX,
    ["SyntaxError: Unexpected token '='", "at /home/ann/mine.mjs:2"],
  ],
  [
    "Node, of types",
    NODE_TYPES,
    [
      "SyntaxError [ERR_INVALID_TYPESCRIPT_SYNTAX]: Expression expected",
      "at /home/ann/mine.ts:1",
    ],
  ],
  [
    "Python, of what it cannot parse",
    PYTHON_SYNTAX,
    ["SyntaxError: invalid syntax", "at /home/ann/mine.py:3"],
  ],
  [
    "Python, of what it imports",
    PYTHON_IMPORT,
    ["SyntaxError: invalid syntax", "at /home/ann/names.py:3"],
  ],
  ["Go's compiler", GO_SYNTAX, ["./main.go:5:7: undefined: listen"]],
  [
    "Rust's compiler",
    RUST_SYNTAX,
    ["error[E0308]: mismatched types", "at src/main.rs:3:18"],
  ],
  [
    "a C compiler",
    C_SYNTAX,
    ["mine.c:3:11: error: expected expression before ‘=’ token"],
  ],
  ["Java's compiler", JAVA_SYNTAX, ["Mine.java:3: error: illegal start of expression"]],
  ["a shell", SHELL_SYNTAX, [SHELL_SYNTAX.trim()]],
])("%s", (_, output, expected) => {
  expect(serverError(output)).toEqual(expected);
});

test.each([
  ["Node", NODE, ["TypeError: x is not iterable", "at /home/ann/mine.mjs:7:11"]],
  [
    "an error of Node itself",
    TAKEN,
    ["Error: listen EADDRINUSE: address already in use 127.0.0.1:4000"],
  ],
  [
    "Python",
    PYTHON,
    [
      "AttributeError: 'StreamWriter' object has no attribute 'writ'",
      "at /home/ann/mine.py:12",
    ],
  ],
  [
    "Go",
    GO,
    [
      "panic: runtime error: index out of range [3] with length 3",
      "at /home/ann/step6/main.go:31",
    ],
  ],
  [
    "Rust",
    RUST,
    [
      "thread 'main' panicked at src/main.rs:12:20:",
      "called `Option::unwrap()` on a `None` value",
    ],
  ],
  [
    "Rust with its backtrace",
    RUST_BACKTRACE,
    [
      "thread 'main' panicked at src/main.rs:12:20:",
      "called `Option::unwrap()` on a `None` value",
      "at ./src/main.rs:12:20",
    ],
  ],
  [
    "Ruby",
    RUBY,
    ["mine.rb:9:in 'Object#answer': undefined method 'foo' for nil (NoMethodError)"],
  ],
  [
    "Java",
    JAVA,
    [
      'Exception in thread "main" java.lang.NullPointerException: the line',
      "at Mine.java:31",
    ],
  ],
])("%s", (_, output, expected) => {
  expect(serverError(output)).toEqual(expected);
});

test("what is no error is none, but may be the last words", () => {
  const output = "listening on 127.0.0.1:4000\nErrors are bad\nbye\n";
  expect(serverError(output)).toEqual([]);
  expect(lastWords(output)).toEqual(["bye"]);
  expect(lastWords("listening on 127.0.0.1:4000\n")).toEqual([]);
});

test("without an error, the last lines are shown, and not where it listens", () => {
  const output = "starting\n\nlistening on 127.0.0.1:4000\none\ntwo\nthree\nfour\n";
  expect(saidBy(output)).toBe(
    "\n  server: one\n  server: two\n  server: three\n  server: four",
  );
  expect(saidBy(TSX)).toBe('\n  server: /home/ann/mine.ts:29:10: ERROR: Unexpected "="');
  expect(saidBy("listening on 127.0.0.1:4000\n")).toBe("");
});

test("a file that is no module gets a hint", () => {
  const problem =
    '/home/ann/mine.ts:2:18: ERROR: Top-level await is currently not supported with the "cjs" output format';
  expect(saidBy(`Error: Transform failed with 1 error:\n${problem}\n`)).toMatch(
    /^\n {2}server: .*mine\.ts:2:18: .*\nOutside of the clone, end its name in \.mts/,
  );
});

test("a server that does not start is a failure, with what it printed", async () => {
  const program = "process.exitCode = 3; console.error('no port for me')";
  const server = startServer({ command: [process.execPath, "-e", program] });
  await expect(started("mine", server)).rejects.toThrow(
    /^Cannot start mine: it ended with 3\n {2}server: no port for me$/,
  );
});
