/*
 * Parts of the library for its own kit and command: they may change with any release. Programs that use a store and authors
 * of adapters need none of them.
 */
export { changesBetween } from "./changes/changes-between.ts";
export { followElements } from "./changes/follow-elements.ts";
export { fold } from "./fold/fold.ts";
export { type Folded, nothing } from "./fold/folded.ts";
export { snapshotFormat, snapshotOf } from "./fold/snapshot.ts";
export { checkId, checkUser } from "./model/document-id.ts";
export type { UnhashedEvent } from "./model/event.ts";
export { checkFilter } from "./model/filter.ts";
export { eventBytes, eventHash, sealEvent } from "./model/record.ts";
export { normaliseState } from "./model/state.ts";
export { applyPatches } from "./patch/apply-patches.ts";
export { diffStates } from "./patch/diff.ts";
export { splicedBytes } from "./patch/encode-after.ts";
export { runRecipe } from "./patch/run-recipe.ts";
export { digestOf } from "./value/digest.ts";
export { normalise, reconcile } from "./value/normalise.ts";
export { seal } from "./value/seal.ts";
export { sameValue } from "./value/value.ts";
