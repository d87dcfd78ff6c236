// The router: what it finds, and that it agrees with find-my-way where semantics match.
import fc from "fast-check";
import findMyWay from "find-my-way";
import { describe, expect, test } from "vitest";
import { pathOf } from "../../examples/shared/http-target.ts";
import { Router } from "../../examples/shared/router.ts";

function routerOf(...patterns: string[]): Router<string> {
  const router = new Router<string>();
  for (const pattern of patterns) router.add("GET", pattern, pattern);
  return router;
}

function found(router: Router<string>, path: string) {
  return router.find("GET", pathOf(path) ?? "");
}

describe("it prefers", () => {
  const router = routerOf("/a/b", "/a/:x", "/a/:x/c", "/a/*", "/:x/b", "/ab", "/*");
  test.each([
    ["/a/b", "/a/b", {}, []],
    ["/a/z", "/a/:x", { x: "z" }, []],
    ["/a/b/c", "/a/:x/c", { x: "b" }, []],
    ["/a/b/d", "/a/*", {}, ["b", "d"]],
    ["/z/b", "/:x/b", { x: "z" }, []],
    ["/ab", "/ab", {}, []],
    ["/abc", "/*", {}, ["abc"]],
    ["/", "/*", {}, [""]],
    ["/a/", "/a/*", {}, [""]],
    ["/a%2Fb", "/*", {}, ["a/b"]],
    ["/a/b%2Fc", "/a/:x", { x: "b/c" }, []],
    ["/%61/b", "/a/b", {}, []],
  ] as const)("for %s the route %s", (path, value, params, rest) => {
    expect(found(router, path)).toEqual({ value, params, rest });
  });
});

test("each method has separate routes", () => {
  const router = routerOf("/a");
  router.add("PUT", "/a", "put");
  expect(router.find("PUT", "a")?.value).toBe("put");
  expect(router.find("GET", "a")?.value).toBe("/a");
  expect(router.find("HEAD", "a")).toBeUndefined();
});

test("a pattern that is taken or invalid is refused", () => {
  expect(() => routerOf("/a/:x", "/a/:y")).toThrow(/Cannot route \/a\/:y/);
  expect(() => routerOf("/*", "/*")).toThrow(/Cannot route/);
  expect(() => routerOf("a")).toThrow(/Cannot route a/);
});

test("names of object properties are ordinary names", () => {
  expect(found(routerOf("/:__proto__/constructor"), "/toString")).toBeUndefined();
  expect(found(routerOf("/:constructor"), "/x")?.params).toEqual({ constructor: "x" });
});

/** Few letters, so that patterns and paths often share a prefix. */
const literal = fc.stringMatching(/^[ab]{1,3}$/);
const pattern = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: literal },
        { weight: 1, arbitrary: fc.constant(":") },
      ),
      { minLength: 1, maxLength: 4 },
    ),
    fc.boolean(),
  )
  .map(([parts, isOpen]) => {
    const named = parts.map((part, at) => (part === ":" ? `:p${at}` : part));
    return `/${named.join("/")}${isOpen ? "/*" : ""}`;
  });
const path = fc
  .array(fc.stringMatching(/^[abc]{1,3}$/), { minLength: 1, maxLength: 5 })
  .map((parts) => `/${parts.join("/")}`);

test("it agrees with find-my-way", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(pattern, { minLength: 1, maxLength: 12 }),
      fc.array(path, { minLength: 1, maxLength: 12 }),
      (patterns, paths) => {
        const theirs = findMyWay();
        const ours = new Router<string>();
        for (const pattern of patterns) {
          theirs.on("GET", pattern, () => {}, pattern);
          ours.add("GET", pattern, pattern);
        }
        for (const path of paths) {
          const expected = theirs.find("GET", path);
          const got = ours.find("GET", path.slice(1));
          expect(got?.value, `${path} among ${patterns}`).toBe(
            expected?.store ?? undefined,
          );
          if (!got || !expected) continue;
          const { "*": rest, ...params } = expected.params;
          expect(got.params).toEqual(params);
          expect(got.rest.join("/")).toBe(rest ?? "");
        }
      },
    ),
    { numRuns: 1000 },
  );
});
