// Finds faulty links in the built site, without a browser: dead addresses, duplicate ids,
// and anything that a page would load from another host.
import { posix } from "node:path";
import type { Built } from "./build.ts";

/** All faults, one line each: `08-chat.html: …`. */
export function findFaults(files: Built): string[] {
  const pages = [...files].filter(([path]) => path.endsWith(".html"));
  const ids = new Map(pages.map(([path, text]) => [path, idsOf(text)]));
  return pages.flatMap(([path, text]) => [
    ...twice(ids.get(path) ?? []).map((id) => `${path}: the id "${id}" is there twice`),
    ...dead(path, text, files, ids),
    ...foreign(text).map((address) => `${path}: loads ${address} from another host`),
  ]);
}

const LINK = /<(\w+)\b[^>]*? (?:href|src)="([^"]*)"/g;

function dead(
  path: string,
  text: string,
  files: Built,
  ids: ReadonlyMap<string, readonly string[]>,
): string[] {
  const faults = new Set<string>();
  for (const [, , address = ""] of text.matchAll(LINK)) {
    if (/^(?:https?|mailto|data):/.test(address)) continue;
    const [, way = "", anchor = ""] =
      /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/.exec(address) ?? [];
    const target = way === "" ? path : posix.join(posix.dirname(path), way);
    if (way.startsWith("/") || !files.has(target)) {
      faults.add(`${path}: the link "${address}" leads nowhere`);
    } else if (anchor && !ids.get(target)?.includes(decodeURIComponent(anchor))) {
      faults.add(`${path}: "${address}" leads to a page without that anchor`);
    }
  }
  return [...faults];
}

/** Links may lead to other hosts, but a page must not load anything from them. */
function foreign(text: string): string[] {
  const loaded = [...text.matchAll(LINK)].filter(
    ([link, tag]) => tag !== "a" && !link.includes(' rel="canonical"'),
  );
  const inStyles = [
    ...text.matchAll(/(?:url\(|@import )["']?((?:https?:)?\/\/[^"')]+)/g),
  ];
  return [
    ...loaded.map(([, , address = ""]) => address),
    ...inStyles.map(([, address = ""]) => address),
  ].filter((address) => /^(?:https?:)?\/\//.test(address));
}

function idsOf(text: string): string[] {
  return [...text.matchAll(/<[a-zA-Z][^>]*? id="([^"]*)"/g)].map(([, id = ""]) => id);
}

function twice(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
