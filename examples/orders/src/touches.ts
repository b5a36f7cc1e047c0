// #region touches
import { defineProjection, type EventProjection } from "@everdraft/core";

/** Who had an order in hand, how often and when last. */
export interface TouchesRow {
  readonly events: number;
  readonly users: readonly string[];
  readonly last: Date;
}

/** A fact that follows from the events of an order, not from its state. */
export const touches: EventProjection<TouchesRow> = defineProjection({
  name: "touches",
  version: 1,
  fold: (row: TouchesRow | undefined, { by, at }) => ({
    events: (row?.events ?? 0) + 1,
    users: [...new Set([...(row?.users ?? []), by])],
    last: at,
  }),
});
// #endregion touches
