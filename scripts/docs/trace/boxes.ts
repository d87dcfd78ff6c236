// The occupied areas of a diagram, so that nothing is drawn over a text.

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

/** Space kept free around a text. */
const AIR = 2;
/** Space between two lines, so that each visibly has its own arrowhead. */
const APART = 6;

export class Boxes {
  readonly #texts: Box[] = [];
  readonly #lines: Segment[] = [];

  add({ text, line }: { text?: Box | undefined; line?: Segment | undefined }): void {
    if (text) this.#texts.push(text);
    if (line) this.#lines.push(line);
  }

  /** Whether the text would touch a text or a line, or the line a text or a line. */
  hits({ text, line }: { text?: Box | undefined; line?: Segment | undefined }): boolean {
    if (text !== undefined && this.#hitsText(text)) return true;
    if (line === undefined) return false;
    return (
      this.#texts.some((other) => crosses(line, other)) ||
      this.#lines.some((other) => meets(line, other))
    );
  }

  #hitsText(text: Box): boolean {
    return (
      this.#texts.some((other) => overlap(text, other)) ||
      this.#lines.some((other) => crosses(other, text))
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

/** Whether a line passes through a box. Only its part between the box's sides counts. */
function crosses(line: Segment, box: Box): boolean {
  const { x1, y1, x2, y2 } = line;
  const left = Math.max(Math.min(x1, x2), box.left);
  const right = Math.min(Math.max(x1, x2), box.right);
  if (left > right) return false;
  const ys = x1 === x2 ? [y1, y2] : [heightAt(line, left), heightAt(line, right)];
  return Math.min(...ys) < box.bottom && Math.max(...ys) > box.top - AIR;
}

/** Whether two lines cross or come close, in the columns that both pass. */
function meets(a: Segment, b: Segment): boolean {
  const left = Math.max(Math.min(a.x1, a.x2), Math.min(b.x1, b.x2));
  const right = Math.min(Math.max(a.x1, a.x2), Math.max(b.x1, b.x2));
  // Next to each other, with at most a lifeline in between.
  if (right - left < 1) return false;
  const [above, below] = [left, right].map((x) => heightAt(a, x) - heightAt(b, x));
  const near = Math.min(Math.abs(above ?? 0), Math.abs(below ?? 0));
  return Math.sign(above ?? 0) !== Math.sign(below ?? 0) || near < APART;
}

function heightAt({ x1, y1, x2, y2 }: Segment, x: number): number {
  return x1 === x2 ? y1 : y1 + ((x - x1) / (x2 - x1)) * (y2 - y1);
}
