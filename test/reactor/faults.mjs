// Loaded before a server by --import: makes system calls fail as FAULTS in the environment
// says, without making them. "accept4:ENFILE:2 recv:EIO:3-5 openSync:EIO:1-" fails the
// second accept4, three calls of recv, and every openSync.
import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import os from "node:os";
import koffi from "koffi";

/** Node does not name EHOSTDOWN: asm-generic/errno.h. */
const NUMBERS = { ...os.constants.errno, EHOSTDOWN: 112 };

const faults = (process.env.FAULTS ?? "").split(" ").map((fault) => {
  const [name, code, when = "1"] = fault.split(":");
  const [first, last = first] = when.split("-");
  return { name, code, first: Number(first), last: Number(last || Infinity) };
});

/** The number of calls, by name. */
const calls = new Map();

/** The error of the next call of this name; undefined when the call is to be made. */
function faultOf(name) {
  const call = (calls.get(name) ?? 0) + 1;
  calls.set(name, call);
  return faults.find((one) => one.name === name && one.first <= call && call <= one.last)
    ?.code;
}

/** Calls through koffi, whether a program imports or requires it. */
for (const instance of [koffi, createRequire(import.meta.url)("koffi")]) {
  const load = instance.load;
  instance.load = (...args) => {
    const library = load(...args);
    return {
      func: (declaration) => {
        const call = library.func(declaration);
        const name = /(\w+)\(/.exec(declaration)?.[1];
        if (!faults.some((fault) => fault.name === name)) return call;
        return (...values) => {
          const code = faultOf(name);
          if (code === undefined) return call(...values);
          instance.errno(NUMBERS[code]);
          return -1;
        };
      },
    };
  };
}

/** Calls on files, which go through Node. */
for (const name of ["openSync", "fstatSync", "readSync"]) {
  const call = fs[name];
  fs[name] = (...args) => {
    const code = faultOf(name);
    if (code === undefined) return call(...args);
    throw Object.assign(new Error(`${code}: a fault, ${name}`), { code });
  };
}
syncBuiltinESMExports();
