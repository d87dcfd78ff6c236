// The error that a server reports, as the languages print it.
import { expect, test } from "vitest";
import { lastWords, serverError } from "../../scripts/check/server-error.ts";

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
