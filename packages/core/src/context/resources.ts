import type { Schema } from "../fold/migrate.ts";
import type { IdKind } from "../model/document-id.ts";
import type { Deadline } from "../port/deadline.ts";
import type { StoredCollection } from "../port/storage.ts";
import type { FindOrder } from "../scan/find-views.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { Clock } from "./clock.ts";
import type { Notice } from "./notice.ts";
import type { StateCache } from "./state-cache.ts";
import type { Wait } from "./wait.ts";

/** The resources that the parts of one store share. */
export interface Resources {
  readonly collection: string;
  readonly kinds: readonly IdKind[];
  readonly types: ValueTypes;
  /** How the storage orders the documents that it finds. */
  readonly order: FindOrder;
  readonly schema: Schema;
  readonly limits: { readonly eventBytes: number; readonly stateBytes: number };
  readonly clock: Clock;
  readonly wait: Wait;
  /** A new event id, with the time of the clock. */
  readonly newEventId: () => string;
  readonly cache: StateCache;
  /** Whether the storage writes rows together with their events. */
  readonly rowsWithEvents: boolean;
  /** Whether the storage answers finds by reading all views. */
  readonly scans: boolean;
  /** Whether a view of a known version holds the state of that version: nobody else has a reason to write views. */
  readonly ownViews: boolean;
  readonly notice: (notice: Notice) => void;
  /** The opened storage. The opening serves all calls, so each waits for it only as long as it may itself. */
  readonly opened: (deadline: Deadline) => Promise<StoredCollection>;
  /** Runs work that serves several calls in the async context in which the store was made. */
  readonly atHome: <R>(work: () => R) => R;
}
