import type {
  Append,
  DocumentId,
  Patch,
  PlainObject,
  StoredEvent,
  StoredEventType,
  ValueTypes,
  View,
} from "@everdraft/core/adapter";
import { diffStates, normalise } from "@everdraft/core/internals";
import { type EventGiven, eventOf } from "./event-of.ts";
import { plainTypes } from "./plain-types.ts";
import { viewAfter } from "./view-of.ts";

/** A document's history from version 1 on. */
export interface Chain {
  /** Its events. */
  readonly events: readonly StoredEvent[];
  /** For each event the view right after it. */
  readonly views: readonly View[];
}

/** The fields that a test sets on all events of a chain. */
export type ChainGiven = (version: number) => Omit<EventGiven, "doc" | "previous" | "version" | "patches">;

/**
 * The history that leads a document through these states (undefined: deleted), one well-formed event a state.
 * A number n stands for the states `{ n: 1 }` … `{ n }`. `given` may set other fields of the event of a
 * version.
 */
export function chainOf(
  doc: DocumentId,
  states: number | readonly (PlainObject | undefined)[],
  given: ChainGiven = () => ({}),
  types: ValueTypes = plainTypes,
): Chain {
  const events: StoredEvent[] = [];
  const views: View[] = [];
  let before: PlainObject | undefined;
  for (const wanted of typeof states === "number" ? counting(states) : states) {
    const state = wanted === undefined ? undefined : normalise(wanted, types);
    const patches = diffStates(before, state, types, "content");
    const last = events.at(-1);
    const version = events.length + 1;
    const type = typeOf(before, state, patches);
    const fields = { type, ...given(version), doc, version, patches, previous: last?.hash ?? null };
    const event = eventOf(fields, types);
    events.push(event);
    views.push(viewAfter(event, state, types));
    before = state;
  }
  return { events, views };
}

function counting(length: number): PlainObject[] {
  return Array.from({ length }, (_, i) => ({ n: i + 1 }));
}

function typeOf(
  before: PlainObject | undefined,
  after: PlainObject | undefined,
  patches: readonly Patch[],
): StoredEventType {
  if (patches.length === 0) return "blank";
  if (after === undefined) return "deleted";
  return before === undefined ? "created" : "edited";
}

/** A chain, or its versions `from` to `to`, as one commit takes it: only the last event has a view. */
export function appendsOf(chain: Chain, from = 1, to: number = chain.events.length): Append[] {
  return chain.events.slice(from - 1, to).map((event, i): Append => {
    const view = chain.views[from - 1 + i];
    return event.version === to && view !== undefined ? { event, view } : { event };
  });
}
