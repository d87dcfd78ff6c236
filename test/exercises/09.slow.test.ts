// The exercises of 09 · Names.
import { EXERCISES_09 } from "../../behaviours/exercises/09.ts";
import { catches, holdsAll, named } from "./solve.ts";

holdsAll(EXERCISES_09);

catches(named("9.3", EXERCISES_09), "strips only the controls of ASCII", {
  begin: "9.3",
  edits: [["\\p{Cc}", "\\0-\\x1f"]],
  got: /^"\w+: \\u009b1G"$/,
});
