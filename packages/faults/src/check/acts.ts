import type { Ended, Invoked, Recorded, ResolvedAs } from "../history.ts";
import { importToken } from "../writer/schedule.ts";

/** All that is known of one act. */
export interface Act {
  readonly token: string;
  readonly invoked: Invoked;
  /** When it first began. */
  readonly start: number;
  /** When its outcome was first told for certain; Infinity where it never was. */
  readonly end: number;
  readonly ends: readonly Ended[];
  readonly resolutions: readonly ResolvedAs[];
  /** `stored`: its caller was told so. `nothing`: was told that nothing is. `open`: may be either. */
  readonly told: "stored" | "nothing" | "open";
}

type Ok = Extract<Ended, { what: "ok" }>;

/** Whether an end says that the act changed its document. */
export function isChange(end: Ended): end is Ok & { changed: true } {
  return end.what === "ok" && end.changed;
}

/** Whether an end says that an event of the act is stored: with a key also where the act changed nothing. */
function isStored(end: Ended, { kind, key }: Invoked): boolean {
  return end.what === "ok" && (end.changed || (key === true && kind !== "read"));
}

/** Gathers the records of each act from the histories. */
export function actsOf(records: readonly Recorded[]): Act[] {
  const gathered = new Map<string, { invoked: Invoked[]; ends: Ended[]; resolutions: ResolvedAs[] }>();
  const of = (token: string) => {
    const ofToken = gathered.get(token) ?? { invoked: [], ends: [], resolutions: [] };
    gathered.set(token, ofToken);
    return ofToken;
  };
  for (const record of records) {
    if (record.what === "invoke") of(record.token).invoked.push(record);
    else if (record.what === "resolved") of(record.token).resolutions.push(record);
    else if ("token" in record) of(record.token).ends.push(record);
  }
  return [...gathered].flatMap(([token, { invoked, ends, resolutions }]) => {
    const [first] = invoked.toSorted((a, b) => a.at - b.at);
    if (first === undefined) return [];
    const stored = ends.filter((end) => isStored(end, first));
    const told = toldOf(invoked.length, ends, stored, resolutions);
    const end = endOf(told, ends, stored, resolutions);
    return [{ token, invoked: first, start: first.at, end, ends, resolutions, told }];
  });
}

function toldOf(
  invoked: number,
  ends: readonly Ended[],
  stored: readonly Ended[],
  resolutions: readonly ResolvedAs[],
): Act["told"] {
  if (stored.length > 0 || resolutions.some(({ outcome }) => outcome === "stored")) return "stored";
  if (resolutions.some(({ outcome }) => outcome === "never")) return "nothing";
  // a try that was never answered, or not for certain, leaves the act open whatever a later one was told
  const certain = ends.filter(({ what }) => what === "ok" || what === "failed").length;
  return certain === invoked ? "nothing" : "open";
}

function endOf(
  told: Act["told"],
  ends: readonly Ended[],
  stored: readonly Ended[],
  resolutions: readonly ResolvedAs[],
): number {
  if (told === "open") return Number.POSITIVE_INFINITY;
  const certain =
    told === "stored"
      ? [...stored, ...resolutions.filter(({ outcome }) => outcome === "stored")]
      : [...ends, ...resolutions.filter(({ outcome }) => outcome === "never")];
  const times = certain.map(({ at }) => at);
  return told === "stored" ? Math.min(...times) : Math.max(...times);
}

/** The tokens that an act leaves in the log, in the order of their versions. */
export function tokensOf({ token, invoked }: Act): readonly string[] {
  if (invoked.kind !== "import") return [token];
  return Array.from({ length: invoked.revisions ?? 0 }, (_, i) => importToken(token, i + 1));
}
