// The state of the playground in an address, to share: `#run&seed=193&edit=…`.
import { button } from "./dom.ts";
import { keepText, keptText } from "./kept.ts";

/** The name under which the last link that was read is kept, to know it after a reload. */
const LINK = "link";

interface Linked {
  readonly seed: number | undefined;
  /** The text of the server, if it differs from the step's. */
  readonly text: string | undefined;
}

/** What was read on this page, or written. */
let known: string | undefined;

/**
 * Reads the address of the page, once: what the reader does later must not be undone by it.
 * After a reload its text is left out, because the edit is kept. Invalid parts are ignored.
 */
export async function readLink(): Promise<Linked> {
  const { hash } = location;
  if (hash === known) return { seed: undefined, text: undefined };
  const isReloaded = hash === keptText(LINK);
  know(hash);
  const fields = new URLSearchParams(hash.slice(1));
  const seed = fields.get("seed") ?? "";
  const edit = isReloaded ? null : fields.get("edit");
  return {
    seed: /^\d{1,8}$/.test(seed) ? Number(seed) : undefined,
    text: edit === null ? undefined : await unpack(edit).catch(() => undefined),
  };
}

function know(hash: string): void {
  known = hash;
  keepText(LINK, hash);
}

/** A button that puts the state into the address of the page, and copies the address. */
export function shareButton(linked: Linked): HTMLButtonElement {
  const share = button("Share this seed", async () => {
    await writeLink(linked);
    await navigator.clipboard?.writeText(location.href).catch(() => {});
    share.textContent = "The page's address now leads to it";
  });
  return share;
}

async function writeLink({ seed, text }: Linked): Promise<void> {
  const edit = text === undefined ? "" : `&edit=${await pack(text)}`;
  history.replaceState(history.state, "", `#run&seed=${seed}${edit}`);
  know(location.hash);
}

async function pack(text: string): Promise<string> {
  const stream = new Blob([text])
    .stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpack(packed: string): Promise<string> {
  const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("deflate-raw"))).text();
}
