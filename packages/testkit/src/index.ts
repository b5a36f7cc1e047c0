/*
 * The conformance kit: proves that a storage keeps the promises of the port, and lends its tools to tests of
 * your own.
 */
export { describeBadInput } from "./bad-input/describe-bad-input.ts";
export type { BadInputRow, OwnErrorRow, RefusedRow } from "./bad-input/row.ts";
export type { Scene } from "./bad-input/scene.ts";
export { appendsOf, type Chain, type ChainGiven, chainOf } from "./build/chain-of.ts";
export { type EventGiven, eventOf, firstTime } from "./build/event-of.ts";
export { difference } from "./build/exact.ts";
export { foldOf } from "./build/fold-of.ts";
export { plainTypes } from "./build/plain-types.ts";
export { viewAfter } from "./build/view-of.ts";
export { describeSections, describeStorage } from "./describe-storage.ts";
export {
  type CommitFault,
  type FaultPlan,
  type Faults,
  type ReadFault,
  randomFaults,
  scriptedFaults,
  type ViewFault,
} from "./faults/fault-plan.ts";
export { type FaultyStorage, faulty, type Struck } from "./faulty-storage.ts";
export type { OpenedStorage, Samples, StorageFixture } from "./fixture.ts";
export { anyChain } from "./generators/any-chain.ts";
export { anyId } from "./generators/any-id.ts";
export { anyRecipe, applyEdits, type OriginalOf } from "./generators/any-recipe.ts";
export { anyDate, anyKey, anyLeaf, anyState, anyTopLevelKey, anyValue } from "./generators/any-value.ts";
export type { Edit, EditName, ListEditName, ObjectEditName, PlaceEditName } from "./generators/edit.ts";
export { editNames } from "./generators/edits.ts";
export { nastyIds } from "./generators/nasty-ids.ts";
export { isTopLevelKey, nastyKeys } from "./generators/nasty-keys.ts";
export { type Labelled, nastyValues, treacherousValues } from "./generators/nasty-values.ts";
export type { Container } from "./generators/places.ts";
export { describeRebuilds, type SharedStorage } from "./processes/describe-rebuilds.ts";
export { describeRealData, type RealDataOptions } from "./real-data/describe-real-data.ts";
export { type Raced, rendezvous } from "./rendezvous.ts";
export { type SeededRuns, seeded } from "./seeded.ts";
