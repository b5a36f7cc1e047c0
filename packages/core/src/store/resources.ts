import type { Schema } from "../fold/migrate.ts";
import type { IdKind } from "../model/document-id.ts";
import type { ValueTypes } from "../model/value-type.ts";
import type { StoredCollection } from "../port/storage.ts";
import type { Clock } from "./clock.ts";
import type { Limit } from "./limit.ts";
import type { Notice } from "./notice.ts";
import type { StateCache } from "./state-cache.ts";

/** What the parts of one store share. */
export interface Resources {
  readonly collection: string;
  readonly kinds: readonly IdKind[];
  readonly types: ValueTypes;
  readonly schema: Schema;
  readonly limits: { readonly eventBytes: number; readonly stateBytes: number };
  readonly clock: Clock;
  /** A new event id, with the time of the clock. */
  readonly newEventId: () => string;
  readonly cache: StateCache;
  /** Whether the storage writes views together with their events. */
  readonly atomic: boolean;
  readonly notice: (notice: Notice) => void;
  /** The opened storage. */
  readonly opened: (limit: Limit) => Promise<StoredCollection>;
}
