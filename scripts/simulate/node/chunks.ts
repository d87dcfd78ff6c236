// Text and bytes that Node's library passes to a binding to write.

export type Chunk = Uint8Array | string;

const UTF8 = new TextEncoder();

export function bytesOf(text: string, encoding: "utf8" | "latin1" = "utf8"): Uint8Array {
  if (encoding === "utf8") return UTF8.encode(text);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** All chunks as one. @param allBuffers If false, each is followed by its encoding. */
export function joined(chunks: readonly Chunk[], allBuffers: boolean): Uint8Array {
  const parts = allBuffers
    ? (chunks as readonly Uint8Array[])
    : chunks.flatMap((chunk, index) => {
        if (index % 2 === 1) return [];
        const isLatin = /latin1|ascii|binary/.test(`${chunks[index + 1]}`);
        return typeof chunk === "string"
          ? bytesOf(chunk, isLatin ? "latin1" : "utf8")
          : chunk;
      });
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
