import { createStore, EverdraftError, type Store } from "@everdraft/core";
import { expect } from "vitest";
import type { StorageFixture } from "../fixture.ts";
import { onFreshStore, orders, portCall } from "../store-sections/store-bench.ts";
import type { BadInputRow, RefusedRow } from "./row.ts";
import { type Doc, pictureOf, type Scene, setScene } from "./scene.ts";
import { expectNoValues } from "./secret.ts";

/** Runs one row on a fresh storage: it fails as it must, nothing is stored, and the store goes on working. */
export function judgeRow(fixture: StorageFixture, row: BadInputRow): Promise<void> {
  return onFreshStore(fixture, async (bench) => {
    const scene = await setScene(bench);
    await row.prepare?.(scene);
    const before = await pictureOf(bench.port);
    const thrown = await outcomeOf(row, scene);
    if ("own" in row) expect(thrown).toBe(row.own);
    else expectError(thrown, row);
    if ("ends" in row && row.ends === true) {
      await expectGoesOnLater(scene, before);
      return;
    }
    expect(await pictureOf(bench.port)).toEqual(before);
    await expectGoesOn((await row.goOn?.(scene)) ?? scene.store);
  });
}

async function outcomeOf({ provoke }: BadInputRow, scene: Scene): Promise<unknown> {
  let given: unknown;
  try {
    given = await provoke(scene);
  } catch (error) {
    return error;
  }
  throw new Error(`This was not refused; it gave ${JSON.stringify(given)}.`);
}

function expectError(thrown: unknown, { error, code, details, remedy, cause }: RefusedRow): void {
  if (!(thrown instanceof EverdraftError)) {
    throw new Error(`Expected the error ${code}, found ${String(thrown)}.`, { cause: thrown });
  }
  expect(`${thrown.code}: ${thrown.message}`).toMatch(new RegExp(`^${code}: `));
  expect(thrown).toBeInstanceOf(error);
  expect(thrown.name).toBe(error.name);
  expect(thrown.details).toMatchObject(details);
  expect(thrown.message).toMatch(remedy);
  expect(thrown.message).toMatch(/\.$/);
  if (cause !== undefined) expect(thrown.cause).toBe(cause);
  expectNoValues(thrown);
}

/** An ordinary edit succeeds, with the next version, and the history is whole. */
async function expectGoesOn(store: Store<Doc>): Promise<void> {
  const version = (await store.read("d"))?.version ?? 0;
  const edited = await store.edit("d", "carol", (draft) => {
    draft.n += 1;
  });
  expect(edited).toMatchObject({ version: version + 1, by: "carol", changed: true, view: "current" });
  expect(await store.get("d")).toEqual(edited.state);
  expect(await store.verify("d")).toEqual({ id: "d", ok: true, version: version + 1, findings: [] });
}

/** After the storage was closed: where it keeps its data, a later process finds them as they were. */
async function expectGoesOnLater({ bench }: Scene, before: unknown): Promise<void> {
  const storage = await bench.opened.reopen?.();
  if (storage === undefined) return;
  const store = createStore<Doc>({ collection: orders, storage, clock: bench.clock.read });
  try {
    expect(await pictureOf(await storage.open(orders, portCall))).toEqual(before);
    await expectGoesOn(store);
  } finally {
    await store.close();
    await storage.close();
  }
}
