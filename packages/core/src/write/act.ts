import type { Folded } from "../fold/folded.ts";
import type { EventRef, EventType } from "../model/event.ts";
import type { Patch } from "../model/patch.ts";

/** What one write decided on a state: the change to store. */
export interface Decision {
  readonly type: EventType;
  readonly patches: readonly Patch[];
  /** Schema version of the state afterwards. */
  readonly schema: number;
  readonly migrated?: number;
  readonly ref?: EventRef;
  /** What all events of a call over several documents share. */
  readonly act?: string;
  /** Why, where the caller did not say. */
  readonly reason?: string;
}

/** What one write wants to do. It may be asked several times, on newer and newer states. */
export interface Act {
  /** The call: a key that was used for another kind was used for another act. */
  readonly kind: string;
  /** What the call was given to store or to go back to, normalised; left out where it is no value. Throws what refuses it. */
  readonly argument?: () => unknown;
  /** Whether it reads the log itself, so that it must not be asked on a state that is not stored yet. */
  readonly readsLog: boolean;
  /** The change on this state, or undefined where there is nothing to change. Throws what refuses the act. */
  decide(base: Folded): Decision | undefined | Promise<Decision | undefined>;
}
