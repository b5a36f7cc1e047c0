import "./time-limits.ts";
import type { Append, Call, StoredEvent } from "@everdraft/core/adapter";
import { type EventGiven, eventOf, viewAfter } from "@everdraft/testkit";
import { types } from "../../src/capabilities.ts";

/** Time enough for anything that is not to be stopped. */
export const call: Call = { timeoutMs: 10_000 };

/** An event with its view, as a commit takes it: version n of a document whose state is `{ n }`. */
export function appendOf(given: EventGiven, state: Readonly<Record<string, unknown>> = { n: 1 }): Append {
  const event: StoredEvent = eventOf(given, types);
  return { event, view: viewAfter(event, state, types) };
}
