import type { Change } from "@everdraft/core";
import { valueTypes } from "@everdraft/core/adapter";
import { changesBetween, normalise } from "@everdraft/core/internals";
import type { OpenStore, State } from "../../store/open-store.ts";

/** The differences between a stored state and one that may be stored. Throws ValueError where it cannot be. */
export function compare(
  { connected }: OpenStore,
  before: State | undefined,
  after: State,
): readonly Change[] {
  const types = valueTypes(connected.storage.capabilities.valueTypes);
  return changesBetween(before && normalise(before, types), normalise(after, types), types);
}
