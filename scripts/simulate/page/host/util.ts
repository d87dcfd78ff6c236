// `node:util` in a page, as far as servers of this book use it.
import type * as util from "node:util";
import { hostRequire } from "./library.ts";

const inspecting = hostRequire("internal/util/inspect") as unknown as typeof util;
export const { inspect, format, formatWithOptions, stripVTControlCharacters } =
  inspecting;
const common = hostRequire("internal/util") as unknown as typeof util;
export const { promisify, deprecate } = common;
export const types = hostRequire("internal/util/types") as unknown as typeof util.types;
export const { parseArgs } = hostRequire(
  "internal/util/parse_args/parse_args",
) as unknown as typeof util;
