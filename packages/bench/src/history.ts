import type { Store } from "@everdraft/core";
import { randomFrom } from "@everdraft/testkit/random";
import { liveOn, makeOrder, type Order } from "./documents.ts";

/** How many events a long history has. */
export const events = 1_000;

/** Gives one document a long history, edit by edit, and its id. */
export async function writeHistory(store: Store<Order>, bytes: number): Promise<string> {
  const id = "long-lived";
  const random = randomFrom(bytes);
  let { version } = await store.create(id, "alice", makeOrder(bytes, 1));
  for (let turn = 1; version < events; turn++) {
    version = (await store.edit(id, "bob", (draft) => liveOn(draft, random, turn))).version;
  }
  return id;
}
