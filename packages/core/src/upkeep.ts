/*
 * Work over all documents of a store, for scripts and the command: rebuilds, verification, and facts of a store.
 */

export type { Problem } from "./port/facts.ts";
export type { StoredIndex } from "./port/index-store.ts";
export { type Behind, type CountBehindOptions, countBehind } from "./upkeep/count-behind.ts";
export { dropOldRows } from "./upkeep/drop-old-rows.ts";
export { dropIndex, listIndexes } from "./upkeep/indexes.ts";
export { type Inspection, inspect, type ProjectionStatus, type UnfinishedWork } from "./upkeep/inspect.ts";
export type { LongWorkOptions, SkippedDocument } from "./upkeep/job/options.ts";
export type { Progress } from "./upkeep/job/progress.ts";
export { type MigrateFailure, type MigrateOptions, type MigrateResult, migrate } from "./upkeep/migrate.ts";
export {
  type RebuildFailure,
  type RebuildOptions,
  type RebuildResult,
  rebuild,
} from "./upkeep/rebuild/rebuild.ts";
export type { FindingOptions, StoreFinding } from "./upkeep/verify/findings.ts";
export { type VerifyOptions, type VerifyResult, verify } from "./upkeep/verify/verify-store.ts";
export type { RowFailure } from "./views/row-failures.ts";
