import { type Act, isChange } from "./acts.ts";
import type { Finding } from "./finding.ts";

/** How long an index that was found counts as there, in milliseconds, as the library promises. */
const trustedFor = 30_000;

/** While nothing guards the slots the promise is that writing stops at the next check, 30 s later at most. */
export function checkUnguarded(acts: readonly Act[], since: number): Finding[] {
  return acts
    .filter(
      ({ start, ends, invoked }) => start > since + trustedFor && ends.some(isChange) && invoked.key !== true,
    )
    .map(({ token, invoked, start }) => ({
      ...({ promise: "P2", kind: "wrong", doc: invoked.doc, act: token } as const),
      message: `It was acknowledged ${Math.round(start - since)} ms after the index was dropped.`,
    }));
}
