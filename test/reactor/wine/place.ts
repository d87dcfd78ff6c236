// Windows as a place to run cases in: under wine, where this system has it.
import { needs } from "../../requirements.ts";
import { findWine } from "./wine.ts";

/** How one comes to Windows from here: whether, and if not, why. */
export interface WinePlace {
  readonly how: "under wine";
  readonly whyNot: string | undefined;
}

/** @throws {Error} When there is no wine, and REQUIRE_ALL says that there must be. */
export function winePlace(what: string): WinePlace {
  const here = needs(findWine(), what, "wine");
  return { how: "under wine", whyNot: here ? undefined : "there is no wine here" };
}
