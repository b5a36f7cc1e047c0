import type { OnDocument } from "../context/on-document.ts";
import type { EverdraftError } from "../errors/everdraft-error.ts";
import type { ProjectionError } from "../errors/projection-error.ts";
import type { Folded } from "../fold/folded.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { CheckpointStore } from "../port/checkpoint-store.ts";
import type { Deadline } from "../port/deadline.ts";
import type { AnyProjection } from "../projection/define-projection.ts";
import { listRecords } from "./checkpoint-pages.ts";

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
  /** The reason of the failure, without any value. */
  readonly reason: string;
  /** The remedy, where the storage refused the rows and could tell one. */
  readonly remedy?: string;
}

const prefix = "failure:";

function recordName({ projection, projectionVersion, doc }: FailedRows): string {
  return `${prefix}${projection}.v${projectionVersion}:${idKey(doc)}`;
}

/** The record of rows that could not be made or written. */
export function rowFailure(
  { name: projection, version: projectionVersion }: AnyProjection,
  doc: DocumentId,
  { code, details }: EverdraftError,
): RowFailure {
  const { version, reason, remedy } = details;
  return {
    projection,
    projectionVersion,
    doc,
    version: typeof version === "number" ? version : 0,
    reason: typeof reason === "string" ? reason : code,
    ...(typeof remedy === "string" && { remedy }),
  };
}

/** Notes a failure; one of the same document is replaced. */
export async function noteFailure(
  checkpoints: CheckpointStore,
  failure: RowFailure,
  deadline: Deadline,
): Promise<void> {
  await checkpoints.put(recordName(failure), { ...failure }, deadline.call());
}

/** The failure that was noted of the rows of a document, if one was. */
export async function readFailure(
  checkpoints: CheckpointStore,
  rows: FailedRows,
  deadline: Deadline,
): Promise<RowFailure | undefined> {
  const found = await checkpoints.get(recordName(rows), deadline.call());
  return found !== undefined && isFailure(found) ? found : undefined;
}

/** Strikes a document off the list. */
export async function clearFailure(
  checkpoints: CheckpointStore,
  rows: FailedRows,
  deadline: Deadline,
): Promise<void> {
  await checkpoints.remove(recordName(rows), deadline.call());
}

/** All failures (of one version of a projection). */
export async function* listFailures(
  checkpoints: CheckpointStore,
  of: { readonly projection: string; readonly version: number } | undefined,
  deadline: Deadline,
): AsyncGenerator<RowFailure> {
  const begins = of === undefined ? prefix : `${prefix}${of.projection}.v${of.version}:`;
  for await (const { value } of listRecords(checkpoints, begins, deadline)) if (isFailure(value)) yield value;
}

/** Strikes off the list the failures of a projection's versions before this one. */
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

/** The rows that this process could not make, so that their records are struck off once they can be made. */
export interface FailingRows {
  /** Whether the rows of a document are among them. */
  has(projection: AnyProjection, doc: DocumentId): boolean;
  /** Records that a projection failed on a document, and tells it as a notice. */
  failed(on: OnDocument, projection: AnyProjection, folded: Folded, error: ProjectionError): Promise<void>;
  /** Strikes the rows of a document off, where they are among them, or in any case: another process may have noted them. */
  succeeded(on: OnDocument, projection: AnyProjection, inAnyCase: boolean): Promise<void>;
}

/** Makes an empty list of them. */
export function createFailingRows(): FailingRows {
  const keys = new Set<string>();
  const keyOf = ({ name }: AnyProjection, doc: DocumentId): string => `${name} ${idKey(doc)}`;
  const rowsOf = ({ name, version }: AnyProjection, doc: DocumentId): FailedRows => {
    return { projection: name, projectionVersion: version, doc };
  };
  return {
    has: (projection, doc) => keys.has(keyOf(projection, doc)),
    failed: async (on, projection, folded, cause) => {
      const { doc, deadline, resources } = on;
      keys.add(keyOf(projection, doc));
      const { checkpoints } = await on.opened();
      await noteFailure(checkpoints, rowFailure(projection, doc, cause), deadline);
      resources.notice({ type: "projection-failed", id: doc, version: folded.changed, cause });
    },
    succeeded: async (on, projection, inAnyCase) => {
      if (!keys.delete(keyOf(projection, on.doc)) && !inAnyCase) return;
      const { checkpoints } = await on.opened();
      await clearFailure(checkpoints, rowsOf(projection, on.doc), on.deadline);
    },
  };
}
