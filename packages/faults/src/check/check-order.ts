import type { Act } from "./acts.ts";
import type { Kept } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { tokenOf } from "./log.ts";

/** The known facts of a version of one document. */
interface Written {
  readonly version: number;
  /** The version that readers are given: of the newest event that is no blank. */
  readonly read: number;
  readonly act: Act | undefined;
  readonly lives: boolean;
}

/**
 * P7: linearizable for each document. The versions are an order; it fits real time where no act came to stand before one that had
 * ended before it began. Each read state, and each reason of a refusal, must fit a version that was current meanwhile.
 */
export function checkOrder(acts: readonly Act[], kept: readonly Kept[]): Finding[] {
  const byToken = new Map(acts.map((act) => [act.token, act]));
  const findings: Finding[] = [];
  const logs = new Map<string, readonly Written[]>();
  for (const { doc, events } of kept) {
    let lives = false;
    let read = 0;
    const written = events.map((event) => {
      const token = tokenOf(event);
      if (event.type !== "blank") read = event.version;
      const [first] = event.patches;
      if (first !== undefined && first.path.length === 0) lives = first.op !== "remove";
      const act = token === undefined ? undefined : byToken.get(token);
      return { version: event.version, read, act, lives };
    });
    logs.set(doc, written);
    findings.push(...checkWrites(doc, written));
  }
  for (const act of acts) {
    const finding = checkAnswer(act, logs.get(act.invoked.doc) ?? []);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function checkWrites(doc: string, written: readonly Written[]): Finding[] {
  const findings: Finding[] = [];
  let earliest: Act | undefined;
  for (const { act, version } of written.toReversed()) {
    if (act === undefined) continue;
    if (earliest !== undefined && earliest.end < act.start) {
      const message = `It is version ${version}, and began after the later version of ${earliest.token} was acknowledged.`;
      findings.push({ promise: "P7", kind: "wrong", doc, act: act.token, message });
    }
    if (earliest === undefined || act.end < earliest.end) earliest = act;
  }
  return findings;
}

/** Which versions a reader can have been given: from the last one acknowledged before to the last one begun meanwhile. */
function window(written: readonly Written[], start: number, end: number): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const { act, read } of written) {
    if (act === undefined) continue;
    if (act.end < start) low = Math.max(low, read);
    if (act.start < end) high = Math.max(high, read);
  }
  return { low, high };
}

function checkAnswer(act: Act, written: readonly Written[]): Finding | undefined {
  const { invoked, ends, start, token } = act;
  const { doc, kind } = invoked;
  const [end, ...more] = ends;
  if (end === undefined || more.length > 0) return undefined;
  const { low, high } = window(written, start, end.at);
  const wrong = (message: string): Finding => ({ promise: "P7", kind: "wrong", doc, act: token, message });
  if (end.what === "ok" && kind === "read") {
    // a version of 0 says that there was no living document then
    const sawLife = end.version > 0;
    if (sawLife && (end.version < low || end.version > high))
      return wrong(`It read version ${end.version}; at that time it was ${low} to ${high}.`);
    if (!sawLife && !some(written, low, high, (lives) => !lives))
      return wrong(`It read nothing, and the document lived all the time.`);
  }
  if (end.what === "failed" && end.code === "exists" && !some(written, low, high, (lives) => lives))
    return wrong("It was told that the document exists, and it did not.");
  const gone = end.what === "failed" && (end.code === "deleted" || end.code === "not_found");
  if (gone && !some(written, low, high, (lives) => !lives))
    return wrong("It was told that the document is gone, and it lived all the time.");
  return undefined;
}

function some(
  written: readonly Written[],
  low: number,
  high: number,
  test: (lives: boolean) => boolean,
): boolean {
  for (let version = low; version <= high; version++) {
    if (test(version === 0 ? false : (written[version - 1]?.lives ?? false))) return true;
  }
  return false;
}
