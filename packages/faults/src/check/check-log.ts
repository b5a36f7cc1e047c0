import { isDeepStrictEqual } from "node:util";
import { type StoredEvent, valueTypes } from "@everdraft/core/adapter";
import { type Folded, fold, nothing } from "@everdraft/core/internals";
import { revisionsOf } from "../writer/schedule.ts";
import type { Act } from "./acts.ts";
import type { Evidence, Kept } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { tokenOf } from "./log.ts";

/** The state of a document at each version, from 0; of one whose slots were doubled as far as they were not. */
export type States = readonly unknown[];

const types = valueTypes([]);

/** P2, P10, P12: each document's log is whole, and each event is the change that its act asked for. Gives the states. */
export function checkLog(
  acts: readonly Act[],
  kept: Kept,
  { unguardedSince }: Evidence,
): { readonly findings: Finding[]; readonly states: States } {
  const { doc, events } = kept;
  const byToken = new Map(acts.map((act) => [act.token, act]));
  const findings: Finding[] = [];
  const states: unknown[] = [undefined];
  const add = (promise: Finding["promise"], message: string, act?: string): void =>
    void findings.push({ promise, kind: "wrong", doc, message, ...(act !== undefined && { act }) });
  let folded: Folded = nothing;
  for (const event of events) {
    if (event.version !== folded.version + 1) {
      const doubled = event.version === folded.version;
      if (!doubled) add("P2", `Version ${folded.version + 1} is missing.`);
      else if (unguardedSince === undefined) findings.push(doubledSlot(doc, event));
      else if (!isNamed(kept, event.version))
        add("P2", `Version ${event.version} is doubled, and verify does not name it.`);
      if (doubled) continue;
      break;
    }
    if (event.at < folded.at)
      add("P10", `Version ${event.version} is of an earlier time than the one before.`);
    try {
      folded = fold(folded, [event], doc, types);
    } catch (error) {
      if (unguardedSince === undefined) add("P2", error instanceof Error ? error.message : String(error));
      break;
    }
    const token = tokenOf(event);
    const act = byToken.get(token?.replace(/\/\d+$/, "") ?? "");
    const expected = expectedState(event, act, states);
    if (expected !== undefined && !isDeepStrictEqual(plain(folded.state), plain(expected.state)))
      add("P12", `Version ${event.version} is not what the act makes of the version before it.`, token);
    states.push(folded.state);
  }
  if (unguardedSince === undefined && !kept.verified.ok) {
    add("P2", `verify: ${kept.verified.findings.map(({ message }) => message).join(" ")}`);
  }
  return { findings, states };
}

function doubledSlot(doc: string, { version }: StoredEvent): Finding {
  const message = `Several events hold version ${version}.`;
  return { promise: "P2", kind: "wrong", doc, message };
}

function isNamed({ verified }: Kept, version: number): boolean {
  return verified.findings.some((finding) => finding.kind === "doubled" && finding.version === version);
}

/** The state that an act makes of the states before it, by the plainest rule there is. */
function expectedState(
  event: StoredEvent,
  act: Act | undefined,
  states: States,
): { state: unknown } | undefined {
  const before = states.at(-1);
  if (event.type === "blank") return { state: before };
  if (act === undefined) return undefined;
  const { token, doc, kind, revisions, to } = act.invoked;
  switch (kind) {
    case "create":
    case "replace":
      return { state: { tokens: [token] } };
    case "edit":
      return { state: { ...(before as object), tokens: [...tokensIn(before), token] } };
    case "delete":
      return { state: undefined };
    case "restore":
      return { state: states.findLast((state) => state !== undefined) };
    case "revert":
      return { state: states[to ?? 0] };
    case "import":
      return { state: revisionsOf(token, doc, revisions ?? 0)[event.version - 1]?.state };
    case "read":
      return undefined;
  }
}

function tokensIn(state: unknown): readonly unknown[] {
  const tokens = typeof state === "object" && state !== null ? Reflect.get(state, "tokens") : undefined;
  return Array.isArray(tokens) ? tokens : [];
}

/** Sealed states and those out of JSON differ in nothing but their prototypes. */
function plain(state: unknown): unknown {
  return state === undefined ? undefined : { ...(state as object) };
}
