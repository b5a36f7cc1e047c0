import { type ErrorCode, EverdraftError } from "@everdraft/core";
import type { StoredCollection, StoredEvent } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { portCall } from "./store-bench.ts";

/** Insists that a call fails with an error of the library that has this code, and gives it. */
export async function refused(call: Promise<unknown>, code: ErrorCode): Promise<EverdraftError> {
  const error = await call.then(
    (value) => {
      throw new Error(`expected the error ${code}, but the call gave ${JSON.stringify(value)}`);
    },
    (reason: unknown) => reason,
  );
  if (!(error instanceof EverdraftError)) throw error;
  expect(`${error.code}: ${error.message}`).toMatch(new RegExp(`^${code}: \\S`));
  return error;
}

/** A call that goes on while others are made. Where one of those fails first, nobody is left to hear how this one ends. */
export function underWay<V>(call: Promise<V>): Promise<V> {
  call.catch(() => undefined);
  return call;
}

/** Insists that nothing in log and views changes while something is done. */
export async function storesNothing<R>(
  port: StoredCollection,
  ids: readonly string[],
  act: () => Promise<R>,
): Promise<R> {
  const before = await contents(port, ids);
  const result = await act();
  expect(await contents(port, ids)).toEqual(before);
  return result;
}

async function contents({ log, views }: StoredCollection, ids: readonly string[]): Promise<unknown> {
  const events = await Promise.all(ids.map((id) => eventsIn({ log }, id)));
  return { events, views: await views.get(ids, portCall) };
}

/** All events of a document, as the port gives them. */
export async function eventsIn(
  { log }: Pick<StoredCollection, "log">,
  id: string,
): Promise<readonly StoredEvent[]> {
  return log.read(id, { from: 1, to: Number.MAX_SAFE_INTEGER, limit: 100_000 }, portCall);
}
