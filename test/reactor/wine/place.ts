// Windows as a place to run cases in: under Wine, where this system has it.
import { needs } from "../../requirements.ts";
import { findWine } from "./wine.ts";

/** Whether Windows is available here, and if not, why. */
export interface WinePlace {
  readonly how: "under wine";
  readonly whyNot: string | undefined;
}

/** @throws {Error} When there is no Wine but REQUIRE_ALL demands it. */
export function winePlace(what: string): WinePlace {
  const here = needs(findWine(), what, "wine");
  return { how: "under wine", whyNot: here ? undefined : "there is no wine here" };
}
