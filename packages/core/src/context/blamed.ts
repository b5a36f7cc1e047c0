import type { DocumentId } from "../model/document-id.ts";
import type { EventType } from "../model/event.ts";
import type { Path } from "../value/path.ts";
import type { PlainObject } from "../value/value.ts";
import type { CallOptions, UserId } from "./options.ts";

/**
 * The event that set a value, as far as a reader asks for it.
 *
 * @typeParam Id the ids of documents
 */
export interface BlamedEvent<Id = string> {
  /** Its version. */
  readonly version: number;
  /** When. */
  readonly at: Date;
  /** Who. */
  readonly by: UserId<Id>;
  /** Its type. */
  readonly type: EventType;
  /** The event's own id. */
  readonly eventId: string;
  /** Why, in the writer's words. */
  readonly reason?: string;
  /**
   * True where the event brought the document to a newer schema, or where the value comes from a migration that no event
   * has stored yet: then it is the newest event on the document in its old form.
   */
  readonly migration?: true;
}

/**
 * A value of a document, and the event that last set it.
 *
 * @typeParam Id the ids of documents
 */
export interface BlamedValue<Id = string> {
  /** Its path. */
  readonly path: Path;
  /** The path with elements of arrays by their `id`, `_id` or `key`. Left out where it is the path itself. */
  readonly named?: Path;
  /** The value, as states are handed out. */
  readonly value: unknown;
  /** The event that last set it; of an object or array, the last that changed anything in it. */
  readonly event: BlamedEvent<Id>;
  /**
   * The same place before that event: the value that it had, and who set that. Elements of arrays are followed back
   * through moves. Undefined where the event made the place. Cost: one more replay.
   */
  previous(): Promise<BlamedValue<Id> | undefined>;
}

/**
 * The values of a document, each with the event that last set it. Iterated, it gives the leaves in the order of the state:
 * all values that hold no others, and empty objects and arrays.
 *
 * @typeParam S the state as it is handed out: `State<Order>`
 * @typeParam Id the ids of documents
 */
export interface Blame<S, Id = string> extends Iterable<BlamedValue<Id>> {
  /** The state that is spoken of. */
  readonly state: S;
  /** The value at a path: `["lines", 0, "qty"]`; undefined where there is none. */
  at(path: Path): BlamedValue<Id> | undefined;
}

/**
 * How values are blamed.
 *
 * @typeParam Id the ids of documents
 */
export interface BlameOptions<Id = string> extends CallOptions {
  /** The iteration is of this place, and all in it. Default: the whole document. */
  readonly path?: Path;
  /**
   * Says of which events nobody wants to hear, such as imports or bulk changes: the values that such an event changed are
   * said to be of the event before it. A value that such an event made stays its own.
   */
  readonly ignore?: (event: BlamedEvent<Id>) => boolean;
}

/** A blame inside of the library. */
export type InnerBlame = Blame<PlainObject, DocumentId>;
