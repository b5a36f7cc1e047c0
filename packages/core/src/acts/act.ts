import type { Folded } from "../fold/folded.ts";
import type { EventRef, EventType } from "../model/event.ts";
import type { Patch } from "../model/patch.ts";

/** The decision of one write on a state: the change to store. */
export interface Decision {
  readonly type: EventType;
  readonly patches: readonly Patch[];
  /** Schema version of the state afterwards. */
  readonly schema: number;
  readonly migrated?: number;
  readonly ref?: EventRef;
  /** The id that all events of a call over several documents share. */
  readonly act?: string;
  /** Why, where the caller did not say. */
  readonly reason?: string;
}

/** The work of one write. It may be asked several times, on newer and newer states. */
export interface Act {
  /** The call: a key that was used for another kind was used for another act. */
  readonly kind: string;
  /**
   * The value that the call was given to store or to go back to, normalised; left out where it is no value. Throws the
   * error that refuses it.
   */
  readonly argument?: () => unknown;
  /** Whether it reads the log itself, so that it must not be asked on a state that is not stored yet. */
  readonly readsLog: boolean;
  /** The change on this state, or undefined where there is nothing to change. Throws the error that refuses the act. */
  decide(base: Folded): Decision | undefined | Promise<Decision | undefined>;
}
