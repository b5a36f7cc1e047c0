import type { StoredEvent } from "@everdraft/core/adapter";
import type { Kept } from "./evidence.ts";

/** Where the token of an act is in the log. */
export interface Place {
  readonly doc: string;
  readonly event: StoredEvent;
}

/** The events of the log by the tokens of their acts. */
export function placesOf(kept: readonly Kept[]): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const { doc, events } of kept) {
    for (const event of events) {
      const token = tokenOf(event);
      if (token === undefined) continue;
      const placesOfToken = places.get(token) ?? [];
      placesOfToken.push({ doc, event });
      places.set(token, placesOfToken);
    }
  }
  return places;
}

/** The token of the act that an event came from; blanks that close an open slot have none. */
export function tokenOf(event: StoredEvent): string | undefined {
  const token = event.meta?.token;
  return typeof token === "string" ? token : undefined;
}
