import {
  createStore,
  type DocumentEvent,
  type ErrorCode,
  EverdraftError,
  type Moment,
  type Recipe,
  type Store,
  type StoreOptions,
} from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { expect } from "vitest";
import { rendezvous } from "../rendezvous.ts";
import { type TestClock, testClock } from "./test-clock.ts";

/** Something that happened before the act under test, by the user "given" unless it says who. */
export type GivenEvent<T extends object> = {
  /** The document. */
  readonly id: string;
  /** Who did it. */
  readonly by?: string;
  /** Why. */
  readonly reason?: string;
} & (
  | { readonly created: T }
  | { readonly edited: Recipe<T> }
  | { readonly deleted: true }
  | { readonly restored: true }
  | { readonly reverted: Moment }
);

/** The fields of an event that a test expects; the others are not compared. */
export type ExpectedEvent = Partial<DocumentEvent>;

/** The tools of an act. */
export interface Scenario<T extends object> {
  /** The store, in which all given events are stored. */
  readonly store: Store<T>;
  /** Its clock, one second after the last given event. */
  readonly clock: TestClock;
}

/** A class of errors, such as those that your own recipes throw. */
export type ErrorClass = abstract new (...given: never[]) => Error;

/** The expected outcome of an act. */
export interface GivenAct {
  /**
   * Runs the scenario on a fresh store and compares: with the events that the act stored, all of them, in the
   * order of time, document and version; or with the error that it must reject with, by the code of the library's or by
   * the class of your own, in which case nothing may be stored either. Rejects as a failed `expect` does.
   */
  expect(outcome: readonly ExpectedEvent[] | ErrorCode | ErrorClass): Promise<void>;
}

/** The history before the act. */
export interface GivenEvents<T extends object> {
  /** The act; its promise is awaited. */
  when(act: (scenario: Scenario<T>) => unknown): GivenAct;
}

/**
 * A test of your own code in one sentence: given these events, when this is done, expect those events, or that
 * error. The store is in memory unless `options` names a storage, its clock stands still, and each given event is
 * one second after the one before it, the first at midnight of 1 January 2026 (UTC).
 *
 * The last step is called `expect`: an object with a method `then` is taken for a promise by `await`.
 *
 * @typeParam T a document's state
 * @example
 * await given<Order>([{ id: "o-1", created: { status: "open" } }])
 *   .when(({ store }) => store.edit("o-1", "bob", pay))
 *   .expect([{ type: "edited", by: "bob", patches: [{ op: "replace", path: ["status"], value: "paid" }] }]);
 */
export function given<T extends object>(
  events: readonly GivenEvent<T>[],
  options: Partial<Omit<StoreOptions<T>, "clock">> = {},
): GivenEvents<T> {
  return {
    when: (act) => ({
      expect: async (outcome) => {
        const clock = testClock();
        const made = { collection: "given", storage: memoryStorage(), ...options, clock: clock.read };
        await using store = createStore<T>(made);
        for (const event of events) {
          await happen(store, event);
          clock.forward(1000);
        }
        const before = new Set((await store.changes().toArray()).map(({ eventId }) => eventId));
        const [raced] = await rendezvous([async () => act({ store, clock })]);
        const after = await store.changes({ order: "oldest" }).toArray();
        const stored = after.filter(({ eventId }) => !before.has(eventId));
        compare(raced !== undefined && "error" in raced ? raced.error : undefined, stored, outcome);
      },
    }),
  };
}

function happen<T extends object>(store: Store<T>, event: GivenEvent<T>): Promise<unknown> {
  const { id, by = "given", reason } = event;
  const options = reason === undefined ? {} : { reason };
  if ("created" in event) return store.create(id, by, event.created, options);
  if ("edited" in event) return store.edit(id, by, event.edited, options);
  if ("deleted" in event) return store.delete(id, by, options);
  if ("restored" in event) return store.restore(id, by, options);
  return store.revert(id, by, event.reverted, options);
}

function compare(
  error: unknown,
  stored: readonly DocumentEvent[],
  outcome: readonly ExpectedEvent[] | ErrorCode | ErrorClass,
): void {
  if (typeof outcome === "object") {
    if (error !== undefined) throw error;
    expect(stored).toMatchObject(outcome);
    return;
  }
  compareError(error, outcome);
  expect(stored, "what the refused act stored").toEqual([]);
}

function compareError(error: unknown, outcome: ErrorCode | ErrorClass): void {
  if (typeof outcome === "function") {
    if (error !== undefined && !(error instanceof outcome)) throw error;
    expect(error, "the error").toBeInstanceOf(outcome);
    return;
  }
  // an error of another kind is a fault of the test or of the act, and is shown as it is
  if (error !== undefined && !(error instanceof EverdraftError)) throw error;
  expect(error === undefined ? "no error" : error.code, "the error's code").toBe(outcome);
}
