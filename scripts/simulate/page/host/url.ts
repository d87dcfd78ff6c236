// `node:url` in a page.

export const URL = globalThis.URL;

export const fileURLToPath = (address: string | URL): string =>
  decodeURIComponent(new URL(address).pathname);

export const pathToFileURL = (path: string): URL => new URL(`file://${encodeURI(path)}`);
