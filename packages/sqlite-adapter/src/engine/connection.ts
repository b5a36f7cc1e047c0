import { setTimeout as delay } from "node:timers/promises";
import {
  type Call,
  ClosedError,
  pace,
  StorageBusyError,
  startDeadline,
  TimeoutError,
} from "@everdraft/core/adapter";
import { type Attempted, translateError } from "../errors/translate-error.ts";
import { type OpenFile, openFile } from "../file/open-file.ts";
import type { Database } from "./database.ts";
import { type Engine, loadEngine } from "./engine.ts";
import { piece } from "./piece.ts";

/** Within one call of the port: how its steps run. */
export interface Steps {
  /**
   * Runs a step, again while the file is locked and time is left. Throws the library's errors; StorageReplacedError
   * before the step where it is known that the file was taken away.
   */
  attempt<R>(step: () => R): Promise<R>;
  /**
   * Between two steps of long work: lets others run where it is their turn. Throws the signal's reason, and TimeoutError
   * when the time is up.
   */
  pause(): Promise<void>;
  /** Does the same for each of a list, in as many steps as let others have their turns. */
  each<V, R>(list: readonly V[], work: (one: V) => R): Promise<R[]>;
}

/** One connection to one file, opened when it is first used. */
export interface Connection {
  /** The file. */
  readonly path: string;
  /** The open file. Only within a step: it throws the engine's errors. Opening it changes nothing in it. */
  database(): Database;
  /** Makes the open file one that is written to, and has it watched. Only within a step. */
  claim(): void;
  /** For reads that decide something, within their step: throws where the file was taken away. */
  check(): void;
  /** Whether the file was opened for reading, as one that nobody changes. Only within a step. */
  forReading(): boolean;
  /** Whether the file is open. */
  isOpen(): boolean;
  /** One call of the port. After `close` it is ClosedError. `operation` follows "could not" in messages. */
  run<R>(operation: string, call: Call, work: (steps: Steps) => Promise<R>): Promise<R>;
  /** A call of one step. */
  step<R>(operation: string, call: Call, work: () => R): Promise<R>;
  /** A call that does the same for each of a list, in as many steps as let others have their turns. */
  each<V, R>(operation: string, call: Call, list: readonly V[], work: (one: V) => R): Promise<R[]>;
  /** Refuses new calls, lets those in flight finish, closes the file. Safe to call again. */
  close(): Promise<void>;
}

/**
 * The longest pause between two tries for a lock. Short, since the lock goes to whoever asks at the right
 * time.
 */
const longestPauseMs = 50;

/** For how long a file that was looked at counts as there, for reads that decide nothing. */
const trustedMs = 20;

/** A connection to the file; nothing is opened yet. */
export function connect(path: string): Connection {
  let engine: Engine | undefined;
  let file: OpenFile | undefined;
  let closing: Promise<void> | undefined;
  let inFlight = 0;
  let whenIdle: () => void = () => undefined;
  const leaving = new Set<Promise<void>>();

  const opened = (): OpenFile => {
    // whatever runs a step has loaded it
    if (engine === undefined) throw new Error("the engine is not loaded");
    file ??= openFile(engine, path);
    try {
      file.look();
      return file;
    } catch (error) {
      // while it is locked the same connection tries again
      if (!isBusy(error)) leave(file);
      throw error;
    }
  };
  const leave = (left: OpenFile): void => {
    file = undefined;
    // its error was told already
    const closed = left
      .close()
      .catch(() => undefined)
      .finally(() => leaving.delete(closed));
    leaving.add(closed);
  };

  const run: Connection["run"] = async (operation, call, work) => {
    if (closing !== undefined) {
      throw new ClosedError({ what: "storage", name: `SQLite storage ${JSON.stringify(path)}` });
    }
    inFlight++;
    try {
      engine ??= await loadEngine();
      return await work(steps(call, { operation, path, check: () => file?.check(trustedMs) }));
    } finally {
      inFlight--;
      if (inFlight === 0) whenIdle();
    }
  };

  return {
    path,
    database: () => opened().database,
    claim: () => opened().claim(),
    check: () => file?.check(),
    forReading: () => opened().forReading,
    isOpen: () => file !== undefined,
    run,
    step: (operation, call, work) => run(operation, call, ({ attempt }) => attempt(work)),
    each: (operation, call, list, work) => run(operation, call, ({ each }) => each(list, work)),
    close: () => {
      closing ??= (async () => {
        if (inFlight > 0)
          await new Promise<void>((resolve) => {
            whenIdle = resolve;
          });
        await Promise.all([file?.close(), ...leaving]);
        file = undefined;
      })();
      return closing;
    },
  };
}

function isBusy(thrown: unknown): boolean {
  return translateError(thrown, { operation: "open", path: "" }) instanceof StorageBusyError;
}

function steps(call: Call, attempted: Attempted & { check(): void }): Steps {
  const deadline = startDeadline(call, () => {
    const { operation, path } = attempted;
    const remedy = "Give the call more timeoutMs, or ask for less.";
    const where = `in ${JSON.stringify(path)}`;
    return new TimeoutError({ id: undefined, timeoutMs: call.timeoutMs, operation, where, remedy });
  });
  const steps: Steps = {
    attempt: async (step) => {
      for (let longest = 2; ; longest = Math.min(longest * 2, longestPauseMs)) {
        try {
          attempted.check();
          return step();
        } catch (thrown) {
          const error = translateError(thrown, attempted);
          if (!(error instanceof StorageBusyError) || deadline.remaining() === 0) throw error;
        }
        await delay(Math.min(deadline.remaining(), 1 + Math.random() * longest));
        call.signal?.throwIfAborted();
      }
    },
    pause: async () => {
      await pace.turn();
      deadline.call();
    },
    each: async <V, R>(list: readonly V[], work: (one: V) => R) => {
      const [only] = list;
      if (only !== undefined && list.length === 1) return [await steps.attempt(() => work(only))];
      const results: R[] = [];
      while (results.length < list.length) {
        if (results.length > 0) await steps.pause();
        const rest = list.slice(results.length);
        await steps.attempt(() => piece(rest, (one) => results.push(work(one))));
      }
      return results;
    },
  };
  return steps;
}
