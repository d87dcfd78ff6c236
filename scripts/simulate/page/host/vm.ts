// `node:vm` in a page, as far as the loader uses it.

/** Calls of `eval` by another name run in the global scope. */
// biome-ignore lint/security/noGlobalEval: it runs what the reader wrote, on their machine
const run = eval;

interface Place {
  readonly line: number;
  readonly column: number;
}

/** How a browser reports an error that nobody caught. */
interface ErrorEvents {
  addEventListener(
    event: "error",
    listener: (event: { lineno: number; colno: number; preventDefault(): void }) => void,
    options: { once: true },
  ): void;
}

/** Where bodies that are no JavaScript go wrong. */
const places = new Map<string, Place>();

/**
 * Finds where a body goes wrong, before it is compiled: an engine says so only of an error
 * that nobody catches.
 */
export async function findPlace(body: string): Promise<void> {
  try {
    run(wrapped(body));
  } catch {
    const place = new Promise<Place>((resolve) => {
      (globalThis as unknown as ErrorEvents).addEventListener(
        "error",
        (event) => {
          event.preventDefault();
          resolve({ line: event.lineno, column: event.colno });
        },
        { once: true },
      );
    });
    setTimeout(() => run(wrapped(body)));
    places.set(body, await place);
  }
}

/**
 * A function from its body; every line of the body is that line in a stack trace.
 *
 * @throws {SyntaxError} When it is none.
 */
export function compileFunction(
  body: string,
  names: readonly string[],
  { filename }: { readonly filename: string },
): (...values: unknown[]) => unknown {
  try {
    return run(`${wrapped(body, names)}\n//# sourceURL=${filename}`);
  } catch (error) {
    const place = places.get(body);
    if (place && error instanceof SyntaxError) {
      error.stack = `${error}\n    at ${filename}:${place.line}:${place.column}`;
    }
    throw error;
  }
}

function wrapped(body: string, names: readonly string[] = []): string {
  return `(function(${names.join()}){${body}\n})`;
}
