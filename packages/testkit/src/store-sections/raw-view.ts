import type { State, Written } from "@everdraft/core";
import type { View } from "@everdraft/core/adapter";
import { type Order, order, setNote } from "./order.ts";
import { refused } from "./refusals.ts";
import { portCall, type StoreBench } from "./store-bench.ts";

/** A state that somebody wrote by hand. */
export const tampered = order({ note: "written by hand" }) satisfies Order as never;

/** o-1 in three versions. */
export async function threeVersions({
  open,
}: StoreBench): Promise<[Written<State<Order>>, Written<State<Order>>, Written<State<Order>>]> {
  const store = open();
  return [
    await store.create("o-1", "alice", order()),
    await store.edit("o-1", "bob", setNote("second")),
    await store.edit("o-1", "carol", setNote("third")),
  ];
}

/** Changes the view of o-1; the function that it gives puts the old view back. */
export async function damage({ port }: StoreBench, change: Partial<View>): Promise<() => Promise<unknown>> {
  const [view] = await port.views.get(["o-1"], portCall);
  if (view === undefined) throw new Error("there is no view to damage");
  await port.views.write({ ...view, ...change }, "any", portCall);
  return () => port.views.write(view, "any", portCall);
}

/** The view of o-1. */
export async function viewOf({ port }: StoreBench): Promise<View> {
  const [view] = await port.views.get(["o-1"], portCall);
  return view as View;
}

/**
 * A read that meets a view that somebody changed. A storage whose engine other programs write to shows it as it is; another
 * one refuses it.
 */
export async function shownOrRefused<R>(
  bench: StoreBench,
  read: Promise<R>,
  shown: (found: R) => void,
): Promise<void> {
  if (bench.storage.capabilities.scans === true) await refused(read, "drift");
  else shown(await read);
}
