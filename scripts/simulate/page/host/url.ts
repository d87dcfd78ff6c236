// `node:url` in a page.

export const fileURLToPath = (address: string | URL): string =>
  decodeURIComponent(new URL(address).pathname);

export const pathToFileURL = (path: string): URL => new URL(`file://${encodeURI(path)}`);

const { URL: HostURL, URLSearchParams: HostURLSearchParams } = globalThis;

export { HostURL as URL, HostURLSearchParams as URLSearchParams };

// What Node's library asks `internal/url` for.
export const isURL = (value: unknown): boolean => value instanceof HostURL;
