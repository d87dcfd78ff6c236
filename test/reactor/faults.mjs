// Loaded before a server by --import: makes calls of the kernel fail as FAULTS in the
// environment says, without making them. "accept4:ENFILE:2 recv:EIO:3-5 openSync:EIO:1-"
// fails the second accept4, three recv, and each openSync.
import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import os from "node:os";
import koffi from "koffi";

/** Node has no name for the last one: asm-generic/errno.h. */
const NUMBERS = { ...os.constants.errno, EHOSTDOWN: 112 };

const faults = (process.env.FAULTS ?? "").split(" ").map((fault) => {
  const [name, code, when = "1"] = fault.split(":");
  const [first, last = first] = when.split("-");
  return { name, code, first: Number(first), last: Number(last || Infinity) };
});

/** How often each call was made. */
const calls = new Map();

/** The error of this call, the next of its name; undefined when it is to be made. */
function faultOf(name) {
  const call = (calls.get(name) ?? 0) + 1;
  calls.set(name, call);
  return faults.find((one) => one.name === name && one.first <= call && call <= one.last)
    ?.code;
}

/** Calls through koffi, as a program imports it or requires it. */
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

/** And those on files, which a program leaves to Node. */
for (const name of ["openSync", "fstatSync", "readSync"]) {
  const call = fs[name];
  fs[name] = (...args) => {
    const code = faultOf(name);
    if (code === undefined) return call(...args);
    throw Object.assign(new Error(`${code}: a fault, ${name}`), { code });
  };
}
syncBuiltinESMExports();
