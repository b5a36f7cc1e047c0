import type { Decision } from "../acts/act.ts";
import type { Resources } from "../context/resources.ts";
import type { Folded } from "../fold/folded.ts";
import { afterSnapshot } from "../fold/snapshot.ts";
import type { DocumentId } from "../model/document-id.ts";
import { eventBytes } from "../model/record.ts";
import { type BuiltEvent, buildEvent, nextTime } from "./build-event.ts";
import type { WaitingCall } from "./waiting-call.ts";
import { conflict } from "./write-errors.ts";

/** An event that a call stores, if those before it in the chain are stored. */
export interface PlannedCall {
  readonly kind: "event";
  readonly caller: WaitingCall;
  readonly built: BuiltEvent;
}

/** The result of one call if the events before it in the chain are stored: an event, no change, or a refusal. */
export type Planned =
  | PlannedCall
  | { readonly kind: "unchanged"; readonly caller: WaitingCall; readonly folded: Folded }
  | { readonly kind: "refused"; readonly caller: WaitingCall; readonly error: unknown };

const maxChainBytes = 4 * 1024 * 1024;

/**
 * Decides the waiting calls of one document one after another, each on the result of the call before. A call's decision
 * holds only if that result comes true; so calls that read the log begin a chain and never continue one. The calls that
 * are left over wait for the next round.
 */
export async function planChain(
  resources: Resources,
  doc: DocumentId,
  base: Folded,
  callers: readonly WaitingCall[],
): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  let current = base;
  let bytes = 0;
  for (const caller of callers) {
    if (caller.act.readsLog && current !== base) break;
    const next = await planOne(resources, doc, current, caller);
    planned.push(next);
    if (next.kind !== "event") continue;
    current = afterSnapshot(next.built.folded, resources.types);
    bytes += eventBytes(next.built.event, resources.types);
    if (bytes > maxChainBytes) break;
  }
  return planned;
}

async function planOne(
  resources: Resources,
  doc: DocumentId,
  base: Folded,
  caller: WaitingCall,
): Promise<Planned> {
  try {
    const { expectedVersion: expected, act, keyed } = caller;
    // blanks behind the version that was seen changed nothing of it
    const holds = expected === undefined || (base.changed <= expected && expected <= base.version);
    if (!holds) throw conflict(caller, expected, { version: base.changed, by: base.by });
    const decided = await caller.inContext(() => act.decide(base));
    // a key is remembered by an event in any case
    const decision = decided ?? (keyed ? blankOn(base) : undefined);
    if (decision === undefined) return { kind: "unchanged", caller, folded: base };
    const at = caller.inContext(() => nextTime(resources, doc, base, caller.acceptFutureHead));
    const built = buildEvent(resources, base, { doc, decision, signature: caller.signature, at });
    return { kind: "event", caller, built };
  } catch (error) {
    return { kind: "refused", caller, error };
  }
}

/** An event without patches: it closes a slot, or remembers a key. */
export function blankOn({ schema }: Folded): Decision {
  return { type: "blank", patches: [], schema };
}
