import { setImmediate as afterThisTurn } from "node:timers";

/** How long long work goes on before others have their turn of the event loop, in milliseconds. */
const pieceMs = 10;

/**
 * Long work in pieces. A storage in this process answers without giving up its turn of the event loop, so loops over many
 * documents or events do: between two pieces timers, signals and other calls have their turn.
 */
export interface Pace {
  /**
   * Whether this turn has had its piece. For loops that cannot wait, which then end early, and for works that go on at the same
   * time: they look right before they go on, since a promise would let all of them look first.
   */
  isDue(): boolean;
  /** Gives up the turn where that is due, else goes on at once. */
  turn(): Promise<void>;
}

/** The clock and the event loop that a pace goes by. */
export interface Turns {
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Calls back in the next turn of the event loop, in the order of the calls. */
  readonly after: (callback: () => void) => void;
  /** Calls back in this turn, when nothing goes on that waits for nothing. */
  readonly soon: (callback: () => void) => void;
}

/** A pace. All long work that shares an event loop shares one, since its turns are long together. */
export function createPace({ now, after, soon }: Turns): Pace {
  /** When the first work of this turn looked; undefined before. */
  let began: number | undefined;
  const waiting: (() => void)[] = [];

  const begin = (): void => {
    began = now();
    after(() => {
      began = undefined;
    });
  };
  const isDue = (): boolean => {
    if (began !== undefined) return now() - began >= pieceMs;
    begin();
    return false;
  };
  // one after another, in the order of their coming: together they have one piece
  const releaseNext = (): void => {
    waiting.shift()?.();
    if (waiting.length > 0) soon(() => (isDue() ? after(release) : releaseNext()));
  };
  const release = (): void => {
    begin();
    releaseNext();
  };
  return {
    isDue,
    turn: async () => {
      if (!isDue()) return;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) after(release);
      });
    },
  };
}

/** The pace of this process. */
export const pace: Pace = createPace({
  now: () => performance.now(),
  after: afterThisTurn,
  // a tick comes behind all that promises have started
  soon: (callback) => queueMicrotask(() => process.nextTick(callback)),
});
