import type { Wait } from "../context/wait.ts";
import type { Signal } from "../port/call.ts";
import { onAbort } from "../port/on-abort.ts";

/** A source of revisions that is read one by one, and can be left alone at any time, also while it is silent. */
export interface Source<V> {
  /**
   * The next one; or `"quiet"` where `orQuiet` and none came for one to two seconds: then the same one is waited for
   * again. Rejects with the error of the source, or with the reason of the first signal that aborts.
   */
  next(orQuiet: boolean): Promise<IteratorResult<V, unknown> | "quiet">;
  /** Tells the source that no more is wanted. Its answer is not waited for. */
  leave(): void;
}

const quietMs = 1_000;

/** Begins to read. Signals are listened to once for the whole source, and until it is left. */
export function readSource<V>(
  revisions: AsyncIterable<V> | Iterable<V>,
  signals: readonly Signal[],
  wait: Wait,
): Source<V> {
  const iterator = (isAsync(revisions) ? revisions : inTurn(revisions))[Symbol.asyncIterator]();
  let hasEnded = false;
  let arriving: Promise<IteratorResult<V, unknown>> | undefined;
  let interrupt: (reason: unknown) => void = () => undefined;
  const releases = signals.map((signal) => onAbort(signal, () => interrupt(signal.reason)));

  // one timer for many revisions: it ends a wait that has lasted since before it began
  const ended = new AbortController();
  let turn = 0;
  let becomesQuiet: (() => void) | undefined;
  let isTiming = false;
  const timeSilence = async (): Promise<void> => {
    isTiming = true;
    const before = turn;
    await wait(quietMs, ended.signal);
    isTiming = false;
    if (becomesQuiet === undefined || ended.signal.aborted) return;
    if (turn === before) becomesQuiet();
    else void timeSilence();
  };

  return {
    next: (orQuiet) =>
      new Promise((resolve, reject) => {
        for (const signal of signals) signal.throwIfAborted();
        interrupt = reject;
        const own = ++turn;
        // who is told that it is quiet asks for the same one again
        const tellQuiet = (): void => {
          turn++;
          resolve("quiet");
        };
        becomesQuiet = orQuiet ? tellQuiet : undefined;
        if (orQuiet && !isTiming) void timeSilence();
        const arrived = (settle: () => void): void => {
          if (own !== turn) return;
          becomesQuiet = undefined;
          arriving = undefined;
          settle();
        };
        arriving ??= Promise.resolve(iterator.next());
        arriving.then(
          (result) => {
            hasEnded ||= result.done === true;
            arrived(() => resolve(result));
          },
          (error) => {
            hasEnded = true;
            arrived(() => reject(error));
          },
        );
      }),
    leave: () => {
      for (const release of releases) release();
      ended.abort();
      if (hasEnded) return;
      // it may be in the middle of something that never ends, and its failure is nobody's any more
      const left = async (): Promise<unknown> => iterator.return?.();
      left().catch(() => undefined);
    },
  };
}

function isAsync<V>(revisions: AsyncIterable<V> | Iterable<V>): revisions is AsyncIterable<V> {
  return Symbol.asyncIterator in Object(revisions);
}

async function* inTurn<V>(revisions: Iterable<V>): AsyncGenerator<V> {
  yield* revisions;
}
