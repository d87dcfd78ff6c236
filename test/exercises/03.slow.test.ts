// The exercises of 03 · Modify.
import { EXERCISES_03 } from "../../behaviours/exercises/03.ts";
import { catches, holdsAll, named } from "./solve.ts";

holdsAll(EXERCISES_03);

catches(named("3.2", EXERCISES_03), "has one decoder for all clients", {
  begin: "3.2",
  edits: [
    ["    const decoder = new StringDecoder", "    decoder ??= new StringDecoder"],
    ["for await", "let decoder;\nfor await"],
  ],
  got: /^"\ufffdhello ❤️"$/,
});
