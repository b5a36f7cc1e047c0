import { actsOf } from "./acts.ts";
import { checkActs } from "./check-acts.ts";
import { checkLog } from "./check-log.ts";
import { checkOrder } from "./check-order.ts";
import { checkUnguarded } from "./check-unguarded.ts";
import { checkViews } from "./check-views.ts";
import { type Counts, count } from "./count.ts";
import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";

/** The checker's verdict on a run. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly counts: Counts;
}

/** Judges a run by the journals of its processes and the contents of the store at its end. Pure. */
export function check(evidence: Evidence): Verdict {
  const { records, kept, unguardedSince } = evidence;
  const acts = actsOf(records);
  const findings = checkActs(acts, evidence);
  for (const document of kept) {
    const { findings: ofLog, states } = checkLog(acts, document, evidence);
    findings.push(...ofLog);
    // without its index a document has no one past to compare with
    if (unguardedSince === undefined) findings.push(...checkViews(document, states, records));
  }
  if (unguardedSince === undefined) findings.push(...checkOrder(acts, kept));
  else findings.push(...checkUnguarded(acts, unguardedSince));
  for (const record of records) {
    if (record.what !== "log-changed") continue;
    findings.push({
      promise: "P11",
      kind: "wrong",
      doc: "",
      message: `The log was changed: ${record.command}.`,
    });
  }
  return { findings, counts: count(acts, records, findings) };
}
