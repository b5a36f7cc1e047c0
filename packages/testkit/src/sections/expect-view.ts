import type { Chain } from "../build/chain-of.ts";
import { type Bench, call, expectExact } from "./bench.ts";

/** Insists that the view of "a" is that of a version of its chain. */
export async function expectView(bench: Bench, chain: Chain, version: number): Promise<void> {
  expectExact((await bench.views.get(["a"], call))[0], chain.views[version - 1], bench.types);
}
