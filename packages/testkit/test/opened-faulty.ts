import type { StoredCollection } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { type FaultPlan, type FaultyStorage, faulty } from "../src/index.ts";

/** The bounds of every call in these tests. */
export const call = { timeoutMs: 1000 };

/** A collection that goes wrong by a plan. */
export interface Opened extends StoredCollection {
  /** Its storage. */
  readonly storage: FaultyStorage<string>;
  /** The same collection without faults. */
  readonly truth: StoredCollection;
}

/** Opens a collection of a memory storage behind a plan. */
export async function open(plan: FaultPlan): Promise<Opened> {
  const inner = memoryStorage();
  const storage = faulty<string>(inner, plan);
  return { ...(await storage.open("kit", call)), storage, truth: await inner.open("kit", call) };
}
