// `node:vm` in a page, as far as the loader uses it.

/** Called by another name, `eval` runs code in the global scope. */
// biome-ignore lint/security/noGlobalEval: it runs what the reader wrote, on their machine
const run = eval;

interface Place {
  readonly line: number;
  readonly column: number;
}

/** How a browser reports an uncaught error. */
interface ErrorEvents {
  addEventListener(
    event: "error",
    listener: (event: { lineno: number; colno: number; preventDefault(): void }) => void,
    options: { once: true },
  ): void;
}

/** Where each body that is not valid JavaScript goes wrong. */
const places = new Map<string, Place>();

/**
 * Finds the syntax error in a body before it is compiled: an engine reports the position
 * only of an uncaught error.
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
 * Makes a function from its body. A line of the body keeps its number in a stack trace.
 *
 * @throws {SyntaxError} When the body is not valid JavaScript.
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
