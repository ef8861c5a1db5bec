import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What the scripted model `paced` says, word by word, in some eight seconds. */
export const PACED = readFileSync(
  fileURLToPath(new URL("../../../src/server/models/scripted/behaviour/paced.md", import.meta.url)),
  "utf8",
);

/** Its first words, which show that an answer has begun. */
export const PACED_BEGINNING = "Good question. Here is how";

/** Its last words, which show that an answer is complete. */
export const PACED_END = "one per person, with the date in each?";
