import { checkReasonAndMeta, optionsError } from "../context/check-options.ts";
import type { UserId } from "../context/options.ts";
import { checkUser, type DocumentId, idKey } from "../model/document-id.ts";
import { compareIds } from "../model/sort-order.ts";
import { type Deadline, deadlineOfEach } from "../port/deadline.ts";
import { olderThan } from "../read/other-schemas.ts";
import { partsOf } from "../store/parts-of.ts";
import type { Store } from "../store/store.ts";
import type { OptionNames } from "../value/known-options.ts";
import type { StoreParts } from "../write/store-parts.ts";
import { each } from "./job/each.ts";
import { runJob } from "./job/job.ts";
import { type Counts, jobOf } from "./job/job-record.ts";
import {
  checkLongWork,
  defaults,
  type LongWorkOptions,
  longWorkNames,
  type SkippedDocument,
} from "./job/options.ts";
import { progressOf } from "./job/progress.ts";
import { migrateDocument } from "./migrate-document.ts";
import { olderIds } from "./older-ids.ts";

/** A document that a migration skipped. */
export type MigrateFailure<Id = unknown> = SkippedDocument<Id>;

/** How documents are migrated. */
export interface MigrateOptions<Id = unknown> extends LongWorkOptions {
  /** Why, kept with each event. Default: `schema n → m`, with the versions of the document and of the store. */
  readonly reason?: string;
  /** Hears of each document that this process skips. */
  readonly onFailure?: (failure: MigrateFailure<Id>) => void;
}

const names: OptionNames<MigrateOptions> = { ...longWorkNames, reason: true, onFailure: true };

/** The result of a migration, all its workers together. */
export interface MigrateResult {
  /** Whether all was done. Else the same call again goes on. */
  readonly complete: boolean;
  /** Documents of an older schema that were looked at. */
  readonly documents: number;
  /** Documents that got an event. Others were brought up or deleted by somebody else meanwhile. */
  readonly written: number;
  /** Documents skipped: the migration throws, they are damaged, or their migrated state is refused. */
  readonly failures: number;
}

/**
 * Brings all living documents up to the store's schema version: one `edited` event for each that is of an older one, with
 * the patches of the migration alone (all counted in `migrated`; none where it changes nothing), in the name of a user, with
 * one `act` for the whole run. Finds and counts over fields are then as quick as before the schema changed. Deleted documents
 * are left alone; past states stay as they were stored, so old migrations are needed on. Writers may go on: a document that
 * an edit brings up first gets no other event.
 *
 * Run it when no process with the older code is left: that cannot read documents that were brought up. It can be killed
 * anywhere, shared by many processes and gone on with; a second run finds nothing to do. Not atomic: each document is, on
 * its own.
 *
 * Cost: one read of the view and the head, and one write, for each document of an older schema (which an index finds on
 * MongoDB); one small record a range. Errors of single documents are counted and skipped; Storage… errors and
 * IndeterminateError end it, and the same call goes on where it stopped.
 *
 * @param user who did it, for every event
 * @throws OptionsError, UserError, ClosedError, StorageError and its kin, IndeterminateError
 * @example
 * const { written, failures } = await migrate(orders, "deploy", { onFailure: ({ id, message }) => console.error(id, message) });
 */
export async function migrate<T extends object, Id>(
  store: Store<T, Id>,
  user: UserId<Id>,
  options?: MigrateOptions<Id>,
): Promise<MigrateResult>;
export async function migrate(
  store: object,
  user: unknown,
  options: MigrateOptions = {},
): Promise<MigrateResult> {
  checkLongWork("migrate", options, names);
  const { reason, onFailure } = options;
  if (onFailure !== undefined && typeof onFailure !== "function")
    throw optionsError("onFailure", "it is a function");
  const parts = partsOf(store);
  checkReasonAndMeta(reason, undefined, parts.resources.types);
  return parts.track(run(parts, checkUser(user, parts.resources.kinds), options));
}

async function run(parts: StoreParts, user: DocumentId, options: MigrateOptions): Promise<MigrateResult> {
  const { resources } = parts;
  const { version } = resources.schema;
  const { signal, timeoutMs, reason, onProgress, onFailure, checkpoint = "" } = options;
  const deadline = deadlineOfEach({ ...(timeoutMs !== undefined && { timeoutMs }) });
  const { views, checkpoints } = await resources.opened(deadline);
  const name = `migrate:${version}:${checkpoint}`;
  const left = version === 1 ? 0 : await views.count({}, deadline.call(), olderThan(version));
  const before = jobOf(await checkpoints.get(name, deadline.call()));
  const progress = progressOf(left + (before?.finished === false ? before.documents : 0));
  const told = new Set<string>();

  const migrateAll = async (ids: readonly DocumentId[], act: string): Promise<Counts> => {
    let [written, failures] = [0, 0];
    await each(ids, async (id) => {
      const became = await migrateDocument(parts, id, { user, reason, act, timeoutMs });
      if (became.kind === "done") {
        if (became.result === "written") written++;
        return;
      }
      failures++;
      told.add(idKey(id));
      const { code, message, cause } = became.error;
      onFailure?.({ id, code, message, cause });
    });
    return { documents: ids.length, written, failures };
  };

  const job = await runJob(
    {
      name,
      concurrency: options.concurrency ?? defaults.concurrency,
      rangeSize: options.rangeSize ?? defaults.rangeSize,
      startedAt: resources.clock.now(),
      page: (after, size) => olderIds(resources, after, size, deadline),
      isBehind: (id, other) => compareIds(id, other, resources.kinds) > 0,
      range: migrateAll,
      last: async ({ run: act }) => {
        const came = await olderLeft(parts, told, deadline);
        return migrateAll(came, act);
      },
      onChange: (record) => onProgress?.(progress(record)),
    },
    { store: checkpoints, signal, deadline, wait: resources.wait },
  );
  const { finished: complete, documents, written, failures } = job;
  return { complete, documents, written, failures };
}

/** Documents that were written in an older schema behind the work, by processes with older code. */
async function olderLeft(
  { resources }: StoreParts,
  told: ReadonlySet<string>,
  deadline: Deadline,
): Promise<readonly DocumentId[]> {
  const left: DocumentId[] = [];
  for (let after: DocumentId | undefined; ; ) {
    const page = await olderIds(resources, after, defaults.rangeSize, deadline);
    left.push(...page.filter((id) => !told.has(idKey(id))));
    after = page.at(-1);
    if (page.length < defaults.rangeSize) return left;
  }
}
