import { type DocumentId, idKey } from "../model/document-id.ts";
import type { CheckpointStore } from "../port/checkpoint-store.ts";
import type { Deadline } from "../port/deadline.ts";

/** The rows of a document in one version of a projection. */
export interface FailedRows<Id = DocumentId> {
  /** The projection, and its version. */
  readonly projection: string;
  readonly projectionVersion: number;
  /** The document. */
  readonly doc: Id;
}

/** A document whose rows a projection could not give. */
export interface RowFailure<Id = DocumentId> extends FailedRows<Id> {
  /** The version of the document at which it failed. */
  readonly version: number;
  /** What went wrong, without any value. */
  readonly reason: string;
}

const prefix = "failure:";

function recordName({ projection, projectionVersion, doc }: FailedRows): string {
  return `${prefix}${projection}.v${projectionVersion}:${idKey(doc)}`;
}

/** Notes a failure; one of the same document is replaced. */
export async function noteFailure(
  checkpoints: CheckpointStore,
  failure: RowFailure,
  deadline: Deadline,
): Promise<void> {
  await checkpoints.put(recordName(failure), { ...failure }, deadline.call());
}

/** Strikes a document off the list. */
export async function clearFailure(
  checkpoints: CheckpointStore,
  rows: FailedRows,
  deadline: Deadline,
): Promise<void> {
  await checkpoints.remove(recordName(rows), deadline.call());
}

/** All failures (of one version of a projection), in short pages. */
export async function* listFailures(
  checkpoints: CheckpointStore,
  of: { readonly projection: string; readonly version: number } | undefined,
  deadline: Deadline,
): AsyncGenerator<RowFailure> {
  const begins = of === undefined ? prefix : `${prefix}${of.projection}.v${of.version}:`;
  let after: string | undefined;
  do {
    const page = await checkpoints.list(begins, { ...(after && { after }), limit: 100 }, deadline.call());
    for (const { value } of page) if (isFailure(value)) yield value;
    after = page.at(-1)?.name;
  } while (after !== undefined);
}

/** Strikes off the list what failed with versions of a projection before this one. */
export async function clearOlderFailures(
  checkpoints: CheckpointStore,
  projection: string,
  before: number,
  deadline: Deadline,
): Promise<void> {
  for await (const failure of listFailures(checkpoints, undefined, deadline)) {
    if (failure.projection === projection && failure.projectionVersion < before)
      await clearFailure(checkpoints, failure, deadline);
  }
}

function isFailure(value: object): value is RowFailure {
  return "projection" in value && "doc" in value && "version" in value && "reason" in value;
}
