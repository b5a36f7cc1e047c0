import { createHash } from "node:crypto";
import { checkFlag, optionsError } from "../../context/check-options.ts";
import { onDocument } from "../../context/on-document.ts";
import { readViews } from "../../history/read-views.ts";
import { checkId, type DocumentId, idKey } from "../../model/document-id.ts";
import { type Deadline, deadlineOfEach } from "../../port/deadline.ts";
import type { AnyProjection } from "../../projection/define-projection.ts";
import { partsOf } from "../../store/parts-of.ts";
import type { Store } from "../../store/store.ts";
import type { OptionNames } from "../../value/known-options.ts";
import { readGenerations } from "../../views/generations.ts";
import type { StoreParts } from "../../write/store-parts.ts";
import { each } from "../job/each.ts";
import { runJob } from "../job/job.ts";
import type { Counts } from "../job/job-record.ts";
import { localJobs } from "../job/local-jobs.ts";
import { checkLongWork, defaults, type LongWorkOptions, longWorkNames } from "../job/options.ts";
import { progressOf } from "../job/progress.ts";
import { readLogs } from "../job/read-logs.ts";
import { orDamage } from "../rebuild/rebuild-document.ts";
import { lookAt, mended } from "./document-findings.ts";
import type { FindingOptions } from "./findings.ts";
import { checkOrphans } from "./orphans.ts";

/** The options of a verification. */
export interface VerifyOptions<Id = unknown> extends LongWorkOptions, FindingOptions<Id> {
  /** Only documents behind this id, in the order of ids. */
  readonly from?: Id;
  /** Only these documents. */
  readonly ids?: readonly Id[];
  /** Only about this part of the documents, 0 to 1, the same ones each time. Default 1. */
  readonly sample?: number;
}

const names: OptionNames<VerifyOptions> = {
  ...longWorkNames,
  from: true,
  ids: true,
  sample: true,
  repair: true,
  onFinding: true,
};

/** The result of a verification. */
export interface VerifyResult {
  /** Whether all was looked at. Else the same call, with a checkpoint, goes on. */
  readonly complete: boolean;
  /** Documents looked at. */
  readonly documents: number;
  /** Documents whose views or rows were repaired, wholly. */
  readonly repaired: number;
  /** Documents with findings that are left, repaired ones not counted. */
  readonly failures: number;
}

/**
 * Checks all documents of a store: versions, times, hash chains, patches, views, the rows of its projections, and views
 * and rows that have no log. Rows of a projection that is not rebuilt yet are skipped. Writers may go on. With `repair`
 * views and rows are written anew from the log, and nothing else; those that cannot be stay a failure. Without it nothing
 * is written.
 *
 * Cost: every event of every document, its view and its rows. With a `checkpoint` it is shared by all that use the same
 * one, and gone on with after a break; without one it begins at the first document.
 *
 * @throws OptionsError, IdError, ClosedError, StorageError and its kin
 * @example
 * const { failures } = await verify(orders, { onFinding: ({ id, message }) => console.error(id, message) });
 */
export async function verify<T extends object, Id>(
  store: Store<T, Id>,
  options?: VerifyOptions<Id>,
): Promise<VerifyResult>;
export async function verify(store: object, options: VerifyOptions = {}): Promise<VerifyResult> {
  checkLongWork("verify", options, names);
  const { ids, sample, repair, onFinding, from } = options;
  checkFlag(repair, "repair");
  if (onFinding !== undefined && typeof onFinding !== "function")
    throw optionsError("onFinding", "it is a function");
  if (sample !== undefined && !(typeof sample === "number" && sample > 0 && sample <= 1))
    throw optionsError("sample", "it is a number above 0, up to 1");
  if (ids !== undefined && !Array.isArray(ids)) throw optionsError("ids", "it is a list of ids");
  const parts = partsOf(store);
  const { kinds } = parts.resources;
  const only = ids?.map((id) => checkId(id, kinds));
  const behind = from === undefined ? undefined : checkId(from, kinds);
  return parts.track(run(parts, only, behind, options));
}

async function run(
  parts: StoreParts,
  only: readonly DocumentId[] | undefined,
  from: DocumentId | undefined,
  options: VerifyOptions,
): Promise<VerifyResult> {
  const { signal, timeoutMs, sample = 1, checkpoint, onProgress } = options;
  const deadline = deadlineOfEach({ ...(timeoutMs !== undefined && { timeoutMs }) });
  const { log, checkpoints, facts } = await parts.resources.opened(deadline);
  const projections = await builtProjections(parts, deadline);
  const wanted = (id: DocumentId): boolean => sample === 1 || isSampled(id, sample);
  const total = only?.length ?? (await facts(deadline.call(), { bytes: false })).views;
  const progress = progressOf(sample === 1 ? total : Math.round(total * sample));

  const job = await runJob(
    {
      name: `verify:${checkpoint ?? ""}`,
      concurrency: options.concurrency ?? defaults.concurrency,
      rangeSize: options.rangeSize ?? defaults.rangeSize,
      startedAt: parts.resources.clock.now(),
      page: async (after, size) => {
        if (only !== undefined) return pageOf(only, after, size);
        const behind = after ?? from;
        return log.documents(
          { ...(behind !== undefined && { after: behind }), limit: size },
          deadline.call(),
        );
      },
      range: (ids) => verifyAll(parts, ids.filter(wanted), { ...options, projections }, deadline),
      last: () =>
        only === undefined
          ? checkOrphans(parts, { projections, from, wanted }, options, deadline)
          : noCounts(),
      onChange: (record) => onProgress?.(progress(record)),
    },
    {
      store: checkpoint === undefined ? localJobs() : checkpoints,
      signal,
      deadline,
      wait: parts.resources.wait,
    },
  );
  const { finished: complete, documents, written: repaired, failures } = job;
  return { complete, documents, repaired, failures };
}

/** The projections whose rows are complete: of one that was not rebuilt yet, rows are missing and nothing is wrong. */
async function builtProjections(
  { resources, rows }: StoreParts,
  deadline: Deadline,
): Promise<readonly AnyProjection[]> {
  const { checkpoints } = await resources.opened(deadline);
  const found: AnyProjection[] = [];
  for (const projection of rows.projections) {
    const { active, oldest } = await readGenerations(checkpoints, projection.name, deadline.call());
    if (active >= projection.version && projection.version >= oldest) found.push(projection);
  }
  return found;
}

async function verifyAll(
  parts: StoreParts,
  ids: readonly DocumentId[],
  { projections, repair, onFinding }: VerifyOptions & { readonly projections: readonly AnyProjection[] },
  deadline: Deadline,
): Promise<Counts> {
  let [written, failures] = [0, 0];
  const verified = { projections, rows: parts.rows };
  const { views } = await parts.resources.opened(deadline);
  const before = await readViews(views, ids, deadline);
  const logs = await readLogs(parts, ids, before, { compare: true, deadline });
  await each([...ids.entries()], async ([i, id]) => {
    // looked at twice, since a writer may have been in between
    const on = onDocument(parts.resources, id, deadline, logs.get(i));
    const first = await lookAt(on, verified, { view: before[i] });
    const found = first.length === 0 ? first : await lookAt(on, verified, undefined);
    for (const finding of found) onFinding?.(finding);
    if (found.length === 0) return;
    const tried = repair === true ? await orDamage(() => mended(on, verified, found)) : undefined;
    if (tried?.kind === "done" && tried.result) written++;
    else failures++;
  });
  return { documents: ids.length, written, failures };
}

function pageOf(
  ids: readonly DocumentId[],
  after: DocumentId | undefined,
  size: number,
): readonly DocumentId[] {
  const begin = after === undefined ? 0 : ids.findLastIndex((id) => idKey(id) === idKey(after)) + 1;
  return ids.slice(begin, begin + size);
}

/** Whether a document belongs to a sample: by a hash of its id, so always the same ones. */
function isSampled(id: DocumentId, sample: number): boolean {
  const first = createHash("sha256").update(idKey(id)).digest().readUInt32BE(0);
  return first < sample * 2 ** 32;
}

async function noCounts(): Promise<Counts> {
  return { documents: 0, written: 0, failures: 0 };
}
