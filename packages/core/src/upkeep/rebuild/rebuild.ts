import { optionsError } from "../../context/check-options.ts";
import { RowsNotBuiltError } from "../../errors/rows-not-built-error.ts";
import { type Mark, markNow, rowsMark } from "../../history/mark.ts";
import type { DocumentId } from "../../model/document-id.ts";
import { idKey } from "../../model/document-id.ts";
import type { StoredEvent } from "../../model/event.ts";
import { type Deadline, deadlineOfEach } from "../../port/deadline.ts";
import type { AnyProjection } from "../../projection/define-projection.ts";
import { unknownProjection } from "../../read/find-rows.ts";
import { partsOf } from "../../store/parts-of.ts";
import type { Store } from "../../store/store.ts";
import type { OptionNames } from "../../value/known-options.ts";
import { changeGenerations, readGenerations } from "../../views/generations.ts";
import { clearOlderFailures, listFailures } from "../../views/row-failures.ts";
import { storedSince } from "../../views/stored-since.ts";
import type { StoreParts } from "../../write/store-parts.ts";
import { beginningNow } from "../job/beginning.ts";
import { each } from "../job/each.ts";
import { runJob } from "../job/job.ts";
import type { Counts } from "../job/job-record.ts";
import {
  checkLongWork,
  defaults,
  type LongWorkOptions,
  longWorkNames,
  type SkippedDocument,
} from "../job/options.ts";
import { progressOf } from "../job/progress.ts";
import { rebuildAllRows } from "./rebuild-rows.ts";
import { rebuildViews } from "./rebuild-views.ts";

/** A document that a rebuild skipped. */
export type RebuildFailure<Id = unknown> = SkippedDocument<Id>;

/** The options of a rebuild. */
export interface RebuildOptions<Id = unknown> extends LongWorkOptions {
  /** `"view"`: the views, in place. Else a projection of the store, by its name. */
  readonly projection: string;
  /** Hears of each document that this process skips. */
  readonly onFailure?: (failure: RebuildFailure<Id>) => void;
}

const names: OptionNames<RebuildOptions> = { ...longWorkNames, projection: true, onFailure: true };

/** The result of a rebuild, all its workers together. */
export interface RebuildResult {
  /** Whether all was done. Else the same call again goes on. */
  readonly complete: boolean;
  /** Documents looked at. */
  readonly documents: number;
  /** Documents whose view or rows were written. */
  readonly written: number;
  /** Documents skipped: damaged, or the projection failed on them. */
  readonly failures: number;
}

/**
 * Computes the views, or the rows of a projection, again from the log: document by document, range by range, while
 * writers go on. It can be killed anywhere, shared by many processes and gone on with; views and rows that are already
 * right are left alone. A new version of a projection is built beside the old one, and read once the rebuild is complete.
 *
 * Cost: for each document its events (of more than 256, and where they are not folded into the rows, those since the
 * newest snapshot), and its view or rows; one small record a range. Errors of single documents are counted and skipped;
 * Storage… errors end it (the same call goes on where it stopped).
 *
 * @throws OptionsError, RowsNotBuiltError (the version was dropped), ClosedError, StorageError and its kin
 * @example
 * await rebuild(orders, { projection: "lines", onProgress: ({ done, total }) => console.error(done, total) });
 */
export async function rebuild<T extends object, Id>(
  store: Store<T, Id>,
  options: RebuildOptions<Id>,
): Promise<RebuildResult>;
export async function rebuild(store: object, options: RebuildOptions): Promise<RebuildResult> {
  if (typeof options !== "object" || options === null)
    throw optionsError("options", 'it is an object with the projection to rebuild, by its name, or "view"');
  checkLongWork("rebuild", options, names);
  const { projection: target, onFailure } = options;
  if (onFailure !== undefined && typeof onFailure !== "function")
    throw optionsError("onFailure", "it is a function");
  const parts = partsOf(store);
  const projection = parts.rows.projections.find(({ name }) => name === target);
  if (target !== "view" && projection === undefined) throw unknownProjection(parts);
  return parts.track(run(parts, projection, options));
}

async function run(
  parts: StoreParts,
  projection: AnyProjection | undefined,
  options: RebuildOptions,
): Promise<RebuildResult> {
  const { resources } = parts;
  const { signal, timeoutMs, onProgress, onFailure } = options;
  const deadline = deadlineOfEach({ ...(timeoutMs !== undefined && { timeoutMs }) });
  const stored = await resources.opened(deadline);
  if (projection) await refuseDropped(parts, projection, deadline);
  const progress = progressOf((await stored.facts(deadline.call(), { bytes: false })).views);
  const target = projection === undefined ? "view" : `${projection.name}.v${projection.version}`;
  const beginning = await beginningNow(resources, deadline);
  const failed = await failedBefore(parts, projection, deadline);
  const told = new Set<string>();

  const rebuildAll = async (ids: readonly DocumentId[]): Promise<Counts> => {
    const rebuilt = projection
      ? await rebuildAllRows(parts, { projection, failed }, ids, deadline)
      : await rebuildViews(parts, ids, deadline);
    let [written, failures] = [0, 0];
    for (const [i, one] of rebuilt.entries()) {
      if (one.kind === "done") {
        if (one.result === "written") written++;
        continue;
      }
      // the second pass may meet a document again
      const key = idKey(ids[i] as DocumentId);
      if (told.has(key)) continue;
      told.add(key);
      failures++;
      const { code, message, cause } = one.error;
      onFailure?.({ id: ids[i], code, message, cause });
    }
    return { documents: ids.length, written, failures };
  };

  const job = await runJob(
    {
      name: `rebuild:${target}:${options.checkpoint ?? ""}`,
      concurrency: options.concurrency ?? defaults.concurrency,
      rangeSize: options.rangeSize ?? defaults.rangeSize,
      startedAt: beginning.mark.at,
      beginning,
      page: (after, size) =>
        stored.log.documents({ ...(after !== undefined && { after }), limit: size }, deadline.call()),
      range: rebuildAll,
      last: async (record) => {
        const now = await markNow(resources, deadline);
        const again = async (ids: readonly DocumentId[]): Promise<Counts> =>
          rebuildAll(projection ? await withoutTheirNewest(parts, projection, ids, deadline) : ids);
        const failures = await rebuildChanged(parts, [record.since, now], again, deadline);
        if (projection) await activate(parts, projection, now, deadline);
        return { documents: 0, written: 0, failures };
      },
      onChange: (record) => onProgress?.(progress(record)),
    },
    { store: stored.checkpoints, signal, deadline, wait: resources.wait },
  );
  const { finished: complete, documents, written, failures } = job;
  return { complete, documents, written, failures };
}

async function refuseDropped(
  { resources }: StoreParts,
  { name, version }: AnyProjection,
  deadline: Deadline,
): Promise<void> {
  const { checkpoints } = await resources.opened(deadline);
  const { active, oldest } = await readGenerations(checkpoints, name, deadline.call());
  if (version < oldest) throw new RowsNotBuiltError({ projection: name, version, active });
}

/**
 * The second pass: the documents that changed while the first one ran, by writers that may not know the projection. Gives
 * the number of documents that failed and that this process had not told of.
 */
async function rebuildChanged(
  { resources }: StoreParts,
  [since, until]: readonly [Mark | undefined, Mark],
  rebuildAll: (ids: readonly DocumentId[]) => Promise<Counts>,
  deadline: Deadline,
): Promise<number> {
  let changed: DocumentId[] = [];
  let failures = 0;
  const rebuildThese = async (): Promise<void> => {
    const ids = changed;
    changed = [];
    if (ids.length > 0) failures += (await rebuildAll(ids)).failures;
  };
  for await (const doc of storedSince(resources, since, until, deadline)) {
    changed.push(doc);
    if (changed.length >= defaults.rangeSize) await rebuildThese();
  }
  await rebuildThese();
  return failures;
}

/** Those whose rows are not of their newest event. The rows of the others the first pass made, or a writer since. */
async function withoutTheirNewest(
  { resources, rows }: StoreParts,
  { name }: AnyProjection,
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<readonly DocumentId[]> {
  const { log } = await resources.opened(deadline);
  const found = await rows.of(name).get(ids, deadline.call());
  const heads: (StoredEvent | undefined)[] = [];
  await each([...ids.entries()], async ([i, id]) => {
    heads[i] = await log.head(id, found[i]?.version ?? 0, deadline.call());
  });
  return ids.filter((_, i) => found[i] === undefined || found[i]?.version !== heads[i]?.version);
}

/** From now on the rows of this version are read; those of a newer one stay in use. All is looked at up to the mark. */
async function activate(
  { resources }: StoreParts,
  { name, version }: AnyProjection,
  mark: Mark,
  deadline: Deadline,
): Promise<void> {
  const { checkpoints } = await resources.opened(deadline);
  await checkpoints.put(rowsMark(name, version), mark, deadline.call());
  await changeGenerations(
    checkpoints,
    name,
    (now) => ({
      ...now,
      active: Math.max(now.active, version),
      oldest: now.oldest === 0 ? version : now.oldest,
    }),
    deadline.call(),
  );
  // nobody rebuilds an older version to strike them off
  await clearOlderFailures(checkpoints, name, version, deadline);
}

/** The documents on which the projection failed so far: they are struck off the list when they succeed. */
async function failedBefore(
  { resources }: StoreParts,
  projection: AnyProjection | undefined,
  deadline: Deadline,
): Promise<ReadonlySet<string>> {
  const failed = new Set<string>();
  if (projection === undefined) return failed;
  const { checkpoints } = await resources.opened(deadline);
  const of = { projection: projection.name, version: projection.version };
  for await (const { doc } of listFailures(checkpoints, of, deadline)) failed.add(idKey(doc));
  return failed;
}
