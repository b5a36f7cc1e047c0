import { isDeepStrictEqual } from "node:util";
import type { Recorded, Sampled, SampledLog, SampledPast } from "../history.ts";
import type { States } from "./check-log.ts";
import type { Kept } from "./evidence.ts";
import type { Finding } from "./finding.ts";

/** P8, P9, P10, P11: all that was read of a document during the run and at its end fits its log. */
export function checkViews(kept: Kept, states: States, records: readonly Recorded[]): Finding[] {
  const { doc } = kept;
  const findings: Finding[] = [];
  const add = (promise: Finding["promise"], message: string): void =>
    void findings.push({ promise, kind: "wrong", doc, message });
  checkFinal(kept, states, add);
  let last: Sampled | undefined;
  for (const record of records) {
    if (!("doc" in record) || record.doc !== doc) continue;
    if (record.what === "log") checkPrefix(kept, record, add);
    if (record.what === "past") checkPast(kept, states, record, add);
    if (record.what !== "view" || record.version === undefined) continue;
    checkSample(kept, states, record, add);
    const { version } = record;
    if (last?.version !== undefined && version < last.version && !diedAfter(states, version))
      add("P8", `Its view fell from version ${last.version} to ${version}, and it had not been deleted.`);
    last = record;
  }
  return findings;
}

type Add = (promise: Finding["promise"], message: string) => void;

function checkFinal({ view, events }: Kept, states: States, add: Add): void {
  const state = states.at(-1);
  const living = view?.state === undefined ? undefined : view;
  const head = events[states.length - 2];
  if (state === undefined && living !== undefined)
    add("P9", `It is deleted, and has a view of version ${living.version}.`);
  if (state === undefined) return;
  if (living === undefined) add("P9", `It lives at version ${states.length - 1}, and has no view.`);
  else if (living.version !== head?.version || living.hash !== head.hash || !same(living.state, state))
    add("P9", `Its view (version ${living.version}) is not the fold of its log (version ${head?.version}).`);
}

function checkSample(
  { events }: Kept,
  states: States,
  { version = 0, head, state, at }: Sampled,
  add: Add,
): void {
  const event = events[version - 1];
  if (event === undefined) add("P9", `At ${at} its view was of version ${version}, which is not in the log.`);
  else if (event.hash !== head || !same(states[version], state))
    add("P9", `At ${at} its view was not the fold of its versions up to ${version}.`);
}

function checkPrefix({ events }: Kept, { hashes, at }: SampledLog, add: Add): void {
  const changed = hashes.findIndex((hash, i) => events[i]?.hash !== hash);
  if (changed >= 0) add("P11", `At ${at} version ${changed + 1} was another event than at the end.`);
}

function checkPast({ events }: Kept, states: States, past: SampledPast, add: Add): void {
  if (past.version === undefined) return;
  // readers are given the newest event that is no blank
  const prefix = events.findLast(({ at, type }) => at <= past.date && type !== "blank")?.version ?? 0;
  if (past.sealed ? past.version !== prefix : past.version > prefix)
    add(
      "P10",
      `The read of ${new Date(past.date).toISOString()} gave version ${past.version}${past.sealed ? ", sealed" : ""}; it is ${prefix}.`,
    );
  else if (!same(states[past.version], past.state))
    add(
      "P10",
      `The read of ${new Date(past.date).toISOString()} gave another state than version ${past.version} has.`,
    );
}

function diedAfter(states: States, version: number): boolean {
  return states.some((state, v) => v > version && state === undefined);
}

function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual({ ...(a as object) }, { ...(b as object) });
}
