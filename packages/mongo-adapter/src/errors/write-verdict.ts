import { setTimeout as delay } from "node:timers/promises";
import { constraint } from "./error-meanings.ts";
import { codeMeans } from "./translate-error.ts";

/** How often a write is tried before an answer that nobody knows counts as a refusal. */
export const maxTries = 8;
/** The longest pause between two tries, in milliseconds. */
const longestPause = 100;

/**
 * The meaning of an error of one operation in a server's answer. `refused`: the collection will not take it. `behind`: it
 * passes, as an election does. `again`: somebody was faster, or the code is of the server's own; the same answer `maxTries`
 * times is a refusal, since no view may be tried for ever.
 */
export type Verdict = "refused" | "behind" | "again";

const duplicateKey = 11000;

/** The verdict on a code. */
export function verdictOf(code: number): Verdict {
  if (code === duplicateKey) return "again";
  const meaning = codeMeans(code);
  if (meaning === undefined) return "again";
  return meaning.final ? "refused" : "behind";
}

/** Whether a code says that a document is refused for its content: a known code, or one of the server's own. */
export function isOfContent(code: number): boolean {
  const meaning = codeMeans(code);
  return meaning === undefined || meaning.make === constraint;
}

/** Waits before another try; not before the first one. */
export async function pauseBefore(tries: number): Promise<void> {
  if (tries > 0) await delay(Math.random() * Math.min(longestPause, 5 * 2 ** tries));
}
