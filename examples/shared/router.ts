// Finds the value for a path: a radix tree, in which paths with a common prefix share it.
import { segmentOf, segmentsOf } from "./http-target.ts";

/** The value that was found, and the segments that matched the pattern's names. */
export interface Found<Value> {
  readonly value: Value;
  readonly params: Readonly<Record<string, string>>;
  /** What matched a `*` at the end of the pattern, as segments. */
  readonly rest: readonly string[];
}

interface Node<Value> {
  /** The text shared by all nodes below, after that of the nodes above. */
  prefix: string;
  /** By the first character of their prefix. */
  readonly children: Map<string, Node<Value>>;
  /** Matches any one segment. */
  param: Node<Value> | undefined;
  /** The pattern that ends here, and the names in it. */
  end: End<Value> | undefined;
  /** The pattern that ends here with a `*`. */
  wildcard: End<Value> | undefined;
}

/** The end of a pattern, with its names in order. */
interface End<Value> {
  readonly value: Value;
  readonly names: readonly string[];
}

/**
 * Maps patterns to values. `:name` matches one segment, not empty; `*` at the end matches
 * the rest, one segment or more.
 *
 * ```text
 *   GET  /help, /hello/:name, /hello/all, /*
 *
 *        "" ─┬─ "hel" ─┬─ "p"
 *            │         └─ "lo/" ─┬─ "all"
 *            └─ *                └─ :name
 * ```
 *
 * Text takes precedence over a name, and a name over `*`; if a branch fails, the next best
 * is tried. So the time is proportional to the path's length, times the number of branches
 * that begin alike.
 */
export class Router<Value> {
  readonly #methods = new Map<string, Node<Value>>();

  /** Adds a route. @throws {Error} When the pattern exists or has no leading slash. */
  add(method: string, pattern: string, value: Value): void {
    if (!pattern.startsWith("/")) throw new Error(`Cannot route ${pattern}: no slash`);
    let node = this.#methods.get(method) ?? emptyNode("");
    this.#methods.set(method, node);
    const names: string[] = [];
    const segments = pattern.slice(1).split("/");
    let text = "";
    for (const [index, segment] of segments.entries()) {
      const isLast = index === segments.length - 1;
      if (segment === "*" && isLast) {
        node = insert(node, text);
        if (node.wildcard) throw new Error(`Cannot route ${pattern}: it is taken`);
        node.wildcard = { value, names };
        return;
      }
      if (segment.startsWith(":")) {
        names.push(segment.slice(1));
        node = insert(node, text);
        node.param ??= emptyNode("");
        node = node.param;
        text = isLast ? "" : "/";
      } else text += isLast ? segment : `${segment}/`;
    }
    node = insert(node, text);
    if (node.end) throw new Error(`Cannot route ${pattern}: it is taken`);
    node.end = { value, names };
  }

  /** @param path As `pathOf` gives it. @returns Undefined when no pattern matches. */
  find(method: string, path: string): Found<Value> | undefined {
    const root = this.#methods.get(method);
    return root && search(root, path, 0, []);
  }
}

function emptyNode<Value>(prefix: string): Node<Value> {
  return {
    prefix,
    children: new Map(),
    param: undefined,
    end: undefined,
    wildcard: undefined,
  };
}

/** The node for `text` below `node`; a prefix that is only partly the same is split. */
function insert<Value>(node: Node<Value>, text: string): Node<Value> {
  if (text === "") return node;
  const [first = ""] = text;
  const child = node.children.get(first);
  if (child === undefined) {
    const fresh = emptyNode<Value>(text);
    node.children.set(first, fresh);
    return fresh;
  }
  let same = 0;
  while (same < child.prefix.length && child.prefix[same] === text[same]) same += 1;
  if (same === child.prefix.length) return insert(child, text.slice(same));
  const upper = emptyNode<Value>(child.prefix.slice(0, same));
  node.children.set(first, upper);
  child.prefix = child.prefix.slice(same);
  upper.children.set(child.prefix.charAt(0), child);
  return insert(upper, text.slice(same));
}

/**
 * Searches below `node`, whose prefix has matched, for the rest of `path` from `at`.
 *
 * @param values What the names on the way here have matched.
 */
function search<Value>(
  node: Node<Value>,
  path: string,
  at: number,
  values: string[],
): Found<Value> | undefined {
  if (at === path.length && node.end) return found(node.end, values, NOTHING);
  const child = node.children.get(path.charAt(at));
  if (child && path.startsWith(child.prefix, at)) {
    const below = search(child, path, at + child.prefix.length, values);
    if (below) return below;
  }
  if (node.param) {
    const next = path.indexOf("/", at);
    const end = next === -1 ? path.length : next;
    if (end > at) {
      values.push(segmentOf(path.slice(at, end)));
      const below = search(node.param, path, end, values);
      if (below) return below;
      values.pop();
    }
  }
  if (node.wildcard) return found(node.wildcard, values, segmentsOf(path.slice(at)));
  return undefined;
}

const NOTHING: readonly string[] = [];

function found<Value>(
  { value, names }: End<Value>,
  values: readonly string[],
  rest: readonly string[],
): Found<Value> {
  const params: Record<string, string> = {};
  for (let at = 0; at < names.length; at += 1) params[names[at] ?? ""] = values[at] ?? "";
  return { value, params, rest };
}
