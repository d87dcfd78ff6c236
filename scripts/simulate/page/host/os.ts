// `node:os` in a page: the numbers of Linux.

/** From signal(7), in the order of their numbers. */
const SIGNALS = [
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD",
  "CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS",
]
  .join(" ")
  .split(" ");

export const constants = {
  signals: Object.fromEntries(SIGNALS.map((name, index) => [`SIG${name}`, index + 1])),
};
export const EOL = "\n";
