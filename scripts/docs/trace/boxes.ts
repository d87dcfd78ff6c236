// Where in a diagram something stands already, so that nothing is drawn over a text.

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Room that is left around a text. */
const AIR = 2;

export class Boxes {
  readonly #texts: Box[] = [];
  readonly #lines: Segment[] = [];

  add({ text, line }: { text?: Box | undefined; line?: Segment | undefined }): void {
    if (text) this.#texts.push(text);
    if (line) this.#lines.push(line);
  }

  /** Whether they would touch a text that is there, or the text a line. */
  hits({ text, line }: { text?: Box | undefined; line?: Segment | undefined }): boolean {
    return (
      (text !== undefined &&
        (this.#texts.some((other) => overlap(text, other)) ||
          this.#lines.some((other) => crosses(other, text)))) ||
      (line !== undefined && this.#texts.some((other) => crosses(line, other)))
    );
  }
}

function overlap(a: Box, b: Box): boolean {
  return (
    a.left < b.right + AIR &&
    b.left < a.right + AIR &&
    a.top < b.bottom + AIR &&
    b.top < a.bottom + AIR
  );
}

/** Whether a line passes through a box: by the part of it that lies between left and right. */
function crosses({ x1, y1, x2, y2 }: Segment, box: Box): boolean {
  const left = Math.max(Math.min(x1, x2), box.left);
  const right = Math.min(Math.max(x1, x2), box.right);
  if (left > right) return false;
  const at = (x: number) => (x1 === x2 ? y1 : y1 + ((x - x1) / (x2 - x1)) * (y2 - y1));
  const ys = x1 === x2 ? [y1, y2] : [at(left), at(right)];
  return Math.min(...ys) < box.bottom && Math.max(...ys) > box.top;
}
