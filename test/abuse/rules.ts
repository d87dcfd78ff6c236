// What step 18 stands up to, rule by rule: which behaviours and cases hold it, and a change of the
// server's code that breaks it, which one of them must notice.

interface Rule {
  readonly says: string;
  /** Titles of behaviours (behaviours/) and of cases (cases.ts). */
  readonly held: readonly string[];
  /** Changes that break it. Some rules are kept by Node or the system: they have none. */
  readonly broken?: readonly Mutation[];
}

/** One place of the compiled server, or of a module in shared/, and what takes its place. */
export interface Mutation {
  /** The module's name without its end; the server itself when it is left out. */
  readonly file?: string;
  /** Text that occurs once. */
  readonly from: string;
  readonly to: string;
}

const SUMS = [
  "accounts for every message to a slow client that finishes sending",
  "accounts for every message to a slow client that changes rooms and finishes",
];

const FRAMING: readonly Rule[] = [
  {
    says: "a line ends at LF or CRLF, wherever the bytes were cut",
    held: ["strips the \\r of a line ending", "understands the same byte by byte"],
    broken: [
      {
        file: "line-batches",
        from: "bytes[end - 1] === RETURN ? end - 1 : end",
        to: "false ? end - 1 : end",
      },
    ],
  },
  {
    says: "a message has 400 characters at most, counted without what is removed",
    held: [
      "accepts messages of up to 400 characters",
      "counts what is left of a message",
    ],
    broken: [
      { from: "isLongerThan(line, limit)", to: "isLongerThan(line, limit - 1)" },
      { file: "safe-text", from: "[...text].length > limit", to: "true" },
    ],
  },
  {
    says: "the sender of a longer one is notified once a line, and stays",
    held: ["answers the lines behind a message that is too long"],
    broken: [
      {
        from: "return reply(user, `Messages can only be",
        to: "return user.socket.destroy(`Messages can only be",
      },
    ],
  },
  {
    says: "a line over the limit of bytes gets a reason and the end; those before it are handled",
    held: [
      "closes a connection after a line of more than 16 KiB, and says why",
      "delivers the lines before one that is too long",
    ],
    broken: [
      { from: "if (decoder.tooLong)", to: "if (false)" },
      {
        from: "decoder.decode(telnet.filter(piece))",
        to: "decoder.decode(telnet.filter(piece)).filter(() => !decoder.tooLong)",
      },
    ],
  },
  {
    says: "a line that the end of the connection cuts off is not said",
    held: [
      "does not deliver a line that a close cuts off",
      "does not deliver a line that a reset cuts off",
    ],
    broken: [
      {
        file: "pieces",
        from: "return;\n            else if (socket.destroyed)",
        to: 'return yield Buffer.from("\\n");\n            else if (socket.destroyed)',
      },
    ],
  },
  {
    says: "a client that has finished sending gets all that was on its way",
    held: ["answers everything sent before a half-close", ...SUMS],
    broken: [
      { from: "allowHalfOpen: true", to: "allowHalfOpen: false" },
      { from: "this.handOver(user);", to: "" },
      {
        file: "out-queue",
        from: "if (this.#waiting.length === 0)\n            this.#socket.end();",
        to: "this.#socket.end();",
      },
    ],
  },
  {
    says: "a line that shows nothing is not said",
    held: ["does not deliver a blank line"],
    broken: [{ from: "if (!isBlank(line))", to: 'if (line !== "")' }],
  },
];

const TEXT: readonly Rule[] = [
  {
    says: "invalid UTF-8 gets one error, and the client stays",
    held: ["answers a line of invalid UTF-8 with one error"],
    broken: [{ file: "safe-text", from: "fatal: true", to: "fatal: false" }],
  },
  {
    says: "no control character reaches anybody",
    held: ["removes terminal escapes from a message"],
    broken: [{ file: "safe-text", from: '.replace(UNSAFE, "")', to: "" }],
  },
  {
    says: "what is a kind of space becomes a space",
    held: ["turns tabs and other line ends into spaces"],
    broken: [{ file: "safe-text", from: '.replace(SPACES, " ")', to: "" }],
  },
  {
    says: "nothing turns the order of the text around it",
    held: ["removes bidi overrides and isolates"],
    broken: [
      { file: "safe-text", from: "\\u202a-\\u202e\\u2066", to: "\\u2066" },
      { file: "safe-text", from: "\\u2066-\\u2069]/gu", to: "]/gu" },
    ],
  },
  {
    says: "joiners and the marks of direction live",
    held: ["keeps joiners, direction marks and flags"],
    broken: [
      { file: "safe-text", from: "[\\p{Cc}\\u202a", to: "[\\p{Cc}\\p{Cf}\\u202a" },
    ],
  },
  {
    says: "telnet's commands are taken out, and IAC IAC is the byte FF",
    held: ["takes out the options of telnet"],
    broken: [
      { from: "decoder.decode(telnet.filter(piece))", to: "decoder.decode(piece)" },
      { file: "telnet", from: "byte < FIRST || byte === IAC", to: "byte < FIRST" },
    ],
  },
  {
    says: "a subnegotiation without an end closes",
    held: ["closes on a telnet option without an end"],
    broken: [{ file: "telnet", from: "this.#length > LIMIT", to: "false" }],
  },
  {
    says: "Ctrl-C in telnet closes",
    held: ["closes on Ctrl-C in telnet"],
    broken: [{ from: "telnet.ended !== undefined", to: 'telnet.ended === "overlong"' }],
  },
  {
    says: "HTTP and TLS are closed, and nothing of them is said",
    held: [
      "closes on an HTTP request, and delivers none of it",
      "closes on a TLS hello, and delivers none of it",
    ],
    broken: [
      { from: "HTTP.test(line)", to: "false" },
      { from: "/^[A-Z][A-Z\\d_-]* ", to: "/^[A-Z]+ " },
      { from: "piece[0] === TLS_HELLO", to: "false" },
    ],
  },
];

const NAMES: readonly Rule[] = [
  {
    says: "a name has 2 to 20 of A-Z a-z 0-9 - _, and begins with a letter or digit",
    held: [
      "refuses an invalid name",
      "refuses an invalid room name",
      "refuses names that begin with a sign",
    ],
    broken: [
      { from: "{1,19}$/", to: "{1,20}$/" },
      { from: "{1,19}$/", to: "{0,19}$/" },
      { from: "/^[A-Za-z0-9][", to: "/^[A-Za-z0-9_-][" },
      { from: "[A-Za-z0-9_-]{1", to: "[^ ]{1" },
    ],
  },
  {
    says: "names and rooms are the same in upper and lower case",
    held: [
      "compares names without regard to case",
      "compares rooms without regard to case",
      "calls the first room main, however it is written",
    ],
    broken: [
      { from: 'key === "main" ? key : name', to: "name" },
      { from: "this.#taken.has(key)", to: "this.#taken.has(name)" },
      { from: "this.#rooms.get(key)", to: "this.#rooms.get(name)" },
      {
        from: "const isSame = name.toLowerCase() === user.name.toLowerCase()",
        to: "const isSame = false",
      },
    ],
  },
  {
    says: "names that pass for others' are reserved",
    held: ["gives nobody a name that is reserved"],
    broken: [{ from: "RESERVED.has(key) || ", to: "" }],
  },
  {
    says: "a name that is taken is refused",
    held: ["refuses a taken name"],
    broken: [{ from: "this.#taken.add(key);", to: "" }],
  },
  {
    says: "a rename frees the old name, and one's own name changes nothing",
    held: [
      "frees the old name after a rename",
      "announces no change to the name that a user has",
    ],
    broken: [
      { from: "if (!isSame)\n        names.free(user.name);", to: "" },
      { from: "if (name === user.name)", to: "if (false)" },
    ],
  },
  {
    says: "a name is free at once, however its owner left",
    held: [
      "frees a name after /quit",
      "frees a name after a normal close",
      "frees a name after a reset",
      "frees the name of a flooder after a reset",
      "frees the name of a flooder that is cut off in a long pause",
    ],
    broken: [
      { from: "names.free(user.name);\n        log", to: "log" },
      { file: "pieces", from: "probe, PROBE_INTERVAL", to: "probe, 1e9" },
    ],
  },
  {
    says: "a departure is announced exactly once",
    held: [
      "announces a departure once: /quit",
      "announces a departure once: a reset",
      "announces a departure once: /quit and a reset",
    ],
    broken: [
      {
        from: "rooms.leave(user.room, user);",
        to: "rooms.leave(user.room, user); user.room.leave(user);",
      },
      { from: "rooms.leave(user.room, user);", to: "" },
    ],
  },
  {
    says: "constructor and friends are names like others",
    held: ["accepts constructor as a name and as a room"],
    broken: [{ from: "this.#rooms.get(key)", to: "({})[key] ?? this.#rooms.get(key)" }],
  },
  {
    says: "a room disappears with its last user",
    held: ["removes a room with its last user: /join"],
    broken: [{ from: "if (room.size === 0)", to: "if (false)" }],
  },
  {
    says: "when all generated names are taken there is another",
    held: ["gives another name when all are taken"],
    broken: [{ file: "names", from: "tries < COUNT", to: "tries < Infinity" }],
  },
  {
    says: "lists come in lines under 4 KiB",
    held: ["lists in lines under 4 KiB, with each entry whole"],
    broken: [{ from: "LIST_LINE = 4094", to: "LIST_LINE = 1e9" }],
  },
  {
    says: "commands are whole words; an unknown one is answered with at most 32 characters",
    held: [
      "does not broadcast an unknown command",
      "repeats at most 32 characters of an unknown command",
    ],
    broken: [
      {
        from: "COMMANDS.get(command)",
        to: "[...COMMANDS].find(([one]) => command.startsWith(one))?.[1]",
      },
      { from: ".slice(0, 32)", to: ".slice(0, 33)" },
      { from: '!line.startsWith("/")', to: "true" },
    ],
  },
];

const LOAD: readonly Rule[] = [
  {
    says: "a client that falls behind learns how many it missed",
    held: [
      "reports to a client that falls behind how many messages it missed",
      "reports missed messages after a change of rooms too",
    ],
    broken: [
      { from: "user.missed += missed;", to: "user.missed += missed - 1;" },
      { from: "user.missed = 0;", to: "" },
    ],
  },
  {
    says: "a bounded number of bytes waits for a client outside of the room's log",
    held: [
      "keeps a bounded queue of answers, and none of them is lost",
      "keeps a bounded memory for answers that nobody reads",
    ],
    broken: [{ from: "await user.out.fits(line.length);", to: "" }],
  },
  {
    says: "a client that takes nothing for long is closed, and the log has its name",
    held: [
      "closes a client that takes nothing for long, and logs its name",
      "closes a client that has left and keeps its side open",
    ],
    broken: [
      { from: "out.stuckFor(now)", to: "0" },
      {
        from: "{ user: name, from: socket.remoteAddress, bytes: out.bytes }",
        to: "{ bytes: out.bytes }",
      },
      { file: "out-queue", from: " || this.#ended;", to: ";" },
    ],
  },
  {
    says: "what came and what was missed is what was said",
    held: [...SUMS, "accounts for every message to a slow client when it ends"],
    broken: [
      { from: "user.room.handOver(user);", to: "" },
      { file: "out-queue", from: "this.#waiting.push(buffer);", to: "" },
      { from: "this.deliver(user);\n        this.#reportMissed(user);", to: "" },
    ],
  },
  {
    says: "a flooder is read slowly, and all it says is said",
    held: [
      "reads a flood slowly, and delivers all of it",
      "says what a flooder had sent before it finished",
    ],
    broken: [
      { from: "if (wait > 0)", to: "if (false)" },
      { from: "await pause(socket, wait);", to: "continue;" },
      { from: "out.ended || socket.destroyed", to: "out.ended || socket.readableEnded" },
    ],
  },
  {
    says: "each line costs, also a blank one and one that is refused",
    held: ["charges a blank line and a refused one like any other"],
    broken: [
      { from: "bucket.take()", to: '(line === "" ? 0 : bucket.take())' },
      { from: "bucket.take()", to: "(line?.length > 400 ? 0 : bucket.take())" },
    ],
  },
  {
    says: "after a reset nothing more is said, and the name is free at once",
    held: [
      "says no more of a flooder after a reset",
      "frees the name of a flooder after a reset",
    ],
    broken: [
      { from: "out.ended || socket.destroyed", to: "out.ended" },
      { file: "pieces", from: "socket.write(NOTHING);", to: "{}" },
    ],
  },
  {
    says: "who is refused gets a reason, and keeps no place",
    held: [
      "has a place for so many, and gives one client more a reason",
      "has so many places for one address, and gives them back",
      "does not count the addresses of this machine without a flag",
    ],
    broken: [
      { from: 'users.size >= options["max-clients"]', to: "false" },
      { file: "refusals", from: "socket.end(why);", to: "socket.destroy();" },
      { from: 'networks.of(address) < options["per-address"]', to: "true" },
      { file: "client-address", from: "this.of(address) - 1", to: "this.of(address)" },
      { from: "=> users.delete(user)", to: "=> user" },
      { from: '!options["limit-loopback"]', to: "false" },
    ],
  },
  {
    says: "the system asks whether a silent client is there",
    held: ["asks the system to look whether a silent client is there"],
    broken: [{ from: "keepAlive: true", to: "keepAlive: false" }],
  },
  {
    says: "without descriptors, or when accept fails, the server goes on",
    held: [
      "goes on without descriptors, and takes clients again later",
      "goes on after a failure to accept",
    ],
    broken: [{ from: "if (server.listening)", to: "if (false)" }],
  },
  {
    says: "crowds get in, and cost a bounded memory",
    held: [
      "closes 100 that never read, of 1,000, and the others miss nothing",
      "delivers a flood of 200,000 lines whole, and what others say in it",
      "takes in 8,000 that connect in a rush",
      "keeps 10,000 idle clients in a bounded memory",
    ],
  },
];

const ENDS: readonly Rule[] = [
  {
    says: "an error in one client's handler ends that client alone",
    held: ["ends one client alone by an error in its handler, and logs it once"],
    broken: [
      { from: 'log.error({ error: error.stack }, "lost a user");', to: "throw error;" },
      { from: 'log.error({ error: error.stack }, "lost a user");', to: "" },
    ],
  },
  {
    says: "a log that blocks, fails or disappears stops nothing, and is counted",
    held: [
      "goes on when nobody reads its log",
      "goes on when the reader of its log has gone",
      "goes on when the disk of its log is full",
      "says how many lines of the log were lost, once it is read again",
    ],
    broken: [
      { file: "counting-log", from: 'error.code !== "EAGAIN"', to: "process.exit(1)" },
      { file: "counting-log", from: "this.#lose();", to: "throw error;" },
      { file: "counting-log", from: "this.#lost += 1;", to: "" },
    ],
  },
  {
    says: "SIGTERM and SIGINT end it with a last line for all, and with 0",
    held: [
      "says goodbye on SIGTERM and SIGINT, after all that was said",
      "ends after the grace, also when a client stays",
      "says goodbye to 1,000 clients",
    ],
    broken: [
      { from: 'process.on("SIGTERM", stop);', to: "" },
      { from: 'process.on("SIGINT", stop);', to: "" },
      { from: "goodbye!\\n", to: "\\n" },
      { from: "server.close(() => process.exit(0))", to: "process.exit(0)" },
      { from: "options.grace * 1000", to: "2 ** 31 - 1" },
    ],
  },
  {
    says: "a second signal ends it at once, with 128 and its number",
    held: ["ends at once on a second signal, with its code"],
    broken: [
      { from: "if (stopping)", to: "if (false)" },
      { from: "process.exit(128 + ", to: "process.exit(" },
    ],
  },
  {
    says: "SIGHUP does no harm, and after kill -9 the port is free at once",
    held: ["goes on after SIGHUP", "leaves the port free at once after kill -9"],
    broken: [{ from: 'process.on("SIGHUP"', to: 'process.on("SIGUSR2"' }],
  },
];

const LOGS: readonly Rule[] = [
  {
    says: "LOG_LEVEL says what is logged, and a program gets JSON",
    held: ["logs in JSON, as much as LOG_LEVEL says"],
    broken: [{ from: 'level: options["log-level"]', to: 'level: "info"' }],
  },
  {
    says: "the log has an address with each user, under all its names",
    held: ["logs the address of a user with whatever it logs of them"],
    broken: [
      {
        from: 'log.info(who(user), "disconnected")',
        to: 'log.info({ user: user.name }, "disconnected")',
      },
    ],
  },
  {
    says: "people on a terminal read lines, in colour",
    held: ["logs in colour, a line for people, on a terminal"],
    broken: [{ from: "process.stderr.isTTY ?", to: "false ?" }],
  },
  {
    says: "neither what was said nor an unknown command is logged",
    held: ["logs neither an unknown command nor what was said"],
    broken: [
      {
        from: "const word = [...command]",
        to: "log.info(command); const word = [...command]",
      },
      {
        from: "const word = [...command]",
        to: "log.trace(line); const word = [...command]",
      },
    ],
  },
  {
    says: "what comes again and again is counted",
    held: ["logs the number of what comes again and again, not the lines"],
    broken: [
      { file: "tally", from: "return count === undefined;", to: "return true;" },
      { from: "tally.flush();", to: "" },
    ],
  },
  {
    says: "every number is a flag, and a misuse of one is a line and the code 2",
    held: ["lists every flag with its default", "refuses --rate=-1 in one line"],
    broken: [{ file: "flags", from: "process.exit(2)", to: "process.exit(1)" }],
  },
];

/** All rules, and at least one test for each. */
export const RULES: readonly Rule[] = [
  ...FRAMING,
  ...TEXT,
  ...NAMES,
  ...LOAD,
  ...ENDS,
  ...LOGS,
];
