// The exercises of 04 · Lines.
import { EXERCISES_04 } from "../../behaviours/exercises/04.ts";
import { catches, holdsAll, named } from "./solve.ts";

holdsAll(EXERCISES_04);

const ANY_BYTES = named("answers with the bytes that it received", EXERCISES_04);

catches(ANY_BYTES, "decodes them", {
  begin: "4.3",
  edits: [["[message, HEART]", "[Buffer.from(message.toString()), HEART]"]],
  got: /^31 33 3a ef bf bd ef bf bd 20 e2 9d a4 ef b8 8f 2c$/,
});

catches(ANY_BYTES, "does not end the connection", {
  begin: "4.3",
  edits: [["socket.end();", ""]],
  got: /^nothing within \d/,
});

catches(ANY_BYTES, "resets the connection", {
  begin: "4.3",
  edits: [
    [
      "await handleUser(socket);",
      'await once(socket, "readable"); socket.resetAndDestroy();',
    ],
  ],
  got: /^a reset$/,
});
