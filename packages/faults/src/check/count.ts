import type { Recorded, Strike } from "../history.ts";
import type { Act } from "./acts.ts";
import type { Finding } from "./finding.ts";

/** A run in figures. */
export interface Counts {
  /** Acts that write. */
  readonly tried: number;
  readonly acknowledged: number;
  readonly failed: number;
  /** Acts of those that failed because a clock was wrong. */
  readonly clockRefusals: number;
  /** Acts that the storage refused or that broke in it: full, busy, shut. */
  readonly storageRefusals: number;
  /** Acts of which a caller was once told that the outcome is not known, or that nobody could answer. */
  readonly indeterminate: number;
  readonly lost: number;
  readonly doubled: number;
  readonly phantom: number;
  /** Other promises that were not kept. */
  readonly wrong: number;
  readonly strikes: number;
  /** Strikes that found an act in flight. */
  readonly strikesInFlight: number;
  /** Acts that were in flight when a fault struck. */
  readonly underFault: number;
  /** Those of them that were acknowledged. */
  readonly acknowledgedUnderFault: number;
}

/** Counts the outcomes of the acts of a run. */
export function count(
  acts: readonly Act[],
  records: readonly Recorded[],
  findings: readonly Finding[],
): Counts {
  const writes = acts.filter(({ invoked }) => invoked.kind !== "read");
  const strikes = records.filter((record): record is Strike => record.what === "strike");
  const { inFlight, struck } = meet(acts, strikes);
  const of = (kind: Finding["kind"]): number => findings.filter((finding) => finding.kind === kind).length;
  return {
    tried: writes.length,
    acknowledged: writes.filter(({ told }) => told === "stored").length,
    failed: writes.filter(({ told }) => told === "nothing").length,
    clockRefusals: writes.filter(({ ends }) => ends.some((end) => "code" in end && end.code === "clock_skew"))
      .length,
    storageRefusals: writes.filter(({ ends }) =>
      ends.some((end) => "code" in end && end.code.startsWith("storage")),
    ).length,
    indeterminate: writes.filter(
      ({ ends, told }) =>
        told === "open" || ends.some(({ what }) => what === "indeterminate" || what === "broken"),
    ).length,
    lost: of("lost"),
    doubled: of("doubled"),
    phantom: of("phantom"),
    wrong: of("wrong"),
    strikes: strikes.length,
    strikesInFlight: inFlight,
    underFault: struck.filter(({ invoked }) => invoked.kind !== "read").length,
    acknowledgedUnderFault: struck.filter(({ told }) => told === "stored").length,
  };
}

/** Which strikes met which acts: a sweep over both by time. */
function meet(
  acts: readonly Act[],
  strikes: readonly Strike[],
): { inFlight: number; struck: readonly Act[] } {
  const struck = new Set<Act>();
  let inFlight = 0;
  for (const { at, until } of strikes) {
    let met = false;
    for (const act of acts) {
      if (act.start > until || lastEnd(act) < at) continue;
      met = true;
      struck.add(act);
    }
    if (met) inFlight++;
  }
  return { inFlight, struck: [...struck] };
}

/** When its last try ended: the act of a process that was ended in it has no end. */
function lastEnd({ ends, end }: Act): number {
  return ends.length === 0 ? end : Math.max(...ends.map(({ at }) => at));
}
