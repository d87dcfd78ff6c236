// @ts-check

/**
 * Imports a module, in TypeScript or JavaScript, in any thread. Node can do this itself from
 * 22.18 on; before that, a loader of the main thread does not apply to the others.
 *
 * @param {string} url
 */
export async function importTyped(url) {
  const isReady = "typescript" in process.features && process.features.typescript;
  if (url.endsWith(".ts") && !isReady) (await import("tsx/esm/api")).register();
  return await import(url);
}
