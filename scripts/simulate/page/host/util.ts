// `node:util` in a page, as far as servers of this book use it.
import type * as util from "node:util";
import { nameOf } from "../../node/errors.ts";
import { hostRequire } from "./library.ts";

const own = {
  ...hostRequire("internal/util"),
  ...hostRequire("internal/util/inspect"),
  ...hostRequire("internal/util/parse_args/parse_args"),
} as unknown as typeof util;

export const deprecate = own.deprecate;
export const format = own.format;
export const formatWithOptions = own.formatWithOptions;
export const getSystemErrorName = nameOf;
export const inspect = own.inspect;
export const parseArgs = own.parseArgs;
export const promisify = own.promisify;
export const stripVTControlCharacters = own.stripVTControlCharacters;
export const types = hostRequire("internal/util/types") as unknown as typeof util.types;
