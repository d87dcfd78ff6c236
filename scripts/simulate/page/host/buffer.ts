// `node:buffer` in a page.
import type * as buffer from "node:buffer";
import { hostRequire } from "./library.ts";

const exports = hostRequire("buffer") as unknown as typeof buffer;
export const Buffer = exports.Buffer;
export const kMaxLength = exports.kMaxLength;

// `Buffer` is a global in Node.
Object.assign(globalThis, { Buffer });
