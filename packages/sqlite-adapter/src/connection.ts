import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { type Call, ClosedError, StorageBusyError, TimeoutError } from "@everdraft/core/adapter";
import { type Database, openDatabase } from "./database.ts";
import { translateError } from "./translate-error.ts";

/** Within one call of the port: how its steps run. */
export interface Steps {
  /** Runs a step, again while the file is locked and time is left. Throws the library's errors. */
  attempt<R>(step: () => R): Promise<R>;
  /**
   * Between two steps of long work: lets others run. Throws the signal's reason, and TimeoutError when the
   * time is up.
   */
  pause(): Promise<void>;
}

/** One connection to one file, opened when it is first used. */
export interface Connection {
  /** The file. */
  readonly path: string;
  /** The open file. Only within a step: it throws the engine's errors. */
  database(): Database;
  /** One call of the port. After `close` it is ClosedError. `operation` follows "could not" in messages. */
  run<R>(operation: string, call: Call, work: (steps: Steps) => Promise<R>): Promise<R>;
  /** A call of one step. */
  step<R>(operation: string, call: Call, work: () => R): Promise<R>;
  /** Refuses new calls, lets those in flight finish, closes the file. Safe to call again. */
  close(): Promise<void>;
}

/**
 * The longest pause between two tries for a lock. Short, since the lock goes to whoever asks at the right
 * time.
 */
const longestPauseMs = 50;

/** A connection to the file; nothing is opened yet. */
export function connect(path: string): Connection {
  let opened: Database | undefined;
  let closing: Promise<void> | undefined;
  let inFlight = 0;
  let whenIdle: () => void = () => undefined;

  const run: Connection["run"] = async (operation, call, work) => {
    if (closing !== undefined) {
      throw new ClosedError(`The SQLite storage ${JSON.stringify(path)} was closed. Make a new one.`, {
        what: "storage",
      });
    }
    inFlight++;
    try {
      return await work(steps(call, { operation, path }));
    } finally {
      inFlight--;
      if (inFlight === 0) whenIdle();
    }
  };

  return {
    path,
    database: () => {
      opened ??= openDatabase(path);
      return opened;
    },
    run,
    step: (operation, call, work) => run(operation, call, ({ attempt }) => attempt(work)),
    close: () => {
      closing ??= (async () => {
        if (inFlight > 0)
          await new Promise<void>((resolve) => {
            whenIdle = resolve;
          });
        opened?.close();
        opened = undefined;
      })();
      return closing;
    },
  };
}

function steps({ timeoutMs, signal }: Call, attempted: { operation: string; path: string }): Steps {
  const endsAt = performance.now() + timeoutMs;
  const left = (): number => endsAt - performance.now();
  return {
    attempt: async (step) => {
      for (let longest = 2; ; longest = Math.min(longest * 2, longestPauseMs)) {
        try {
          return step();
        } catch (thrown) {
          const error = translateError(thrown, attempted);
          if (!(error instanceof StorageBusyError) || left() <= 0) throw error;
        }
        await delay(Math.min(left(), 1 + Math.random() * longest));
        signal?.throwIfAborted();
      }
    },
    pause: async () => {
      await nextTurn();
      signal?.throwIfAborted();
      if (left() > 0) return;
      const message = `It took longer than ${Math.round(timeoutMs)} ms to ${attempted.operation}. Give the call more timeoutMs, or ask for less.`;
      throw new TimeoutError(message, { id: undefined, timeoutMs });
    },
  };
}
