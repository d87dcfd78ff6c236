// The exercises of 02 · Serial.
import { EXERCISES_02 } from "../../behaviours/exercises/02.ts";
import { catches, holdsAll, named } from "./solve.ts";

holdsAll(EXERCISES_02);

catches(named("2.1", EXERCISES_02), "greets on arrival", {
  begin: "02-serial",
  edits: [
    [
      "for await",
      `let n = 0;
      server.on("connection", (s) => { s.write(\`You are number \${++n}\\n\`); });
      for await`,
    ],
  ],
  got: /^"You are number 4"$/,
});
