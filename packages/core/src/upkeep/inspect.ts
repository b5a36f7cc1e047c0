import { checkCallOptions } from "../context/check-options.ts";
import type { CallOptions } from "../context/options.ts";
import { deadlineOfEach } from "../port/deadline.ts";
import type { Problem } from "../port/facts.ts";
import { newerThan, olderThan } from "../read/other-schemas.ts";
import { partsOf } from "../store/parts-of.ts";
import type { Store } from "../store/store.ts";
import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";
import { listProjections, readGenerations } from "../views/generations.ts";
import { listFailures, type RowFailure } from "../views/row-failures.ts";
import { jobOf } from "./job/job-record.ts";

/** A projection as it stands. */
export interface ProjectionStatus {
  /** Its name. */
  readonly name: string;
  /** The version that this store has. */
  readonly version: number;
  /** The version whose rows are read; 0 before a first rebuild. */
  readonly active: number;
  /** The oldest version whose rows are kept. */
  readonly oldest: number;
  /** How many rows the active version has. */
  readonly rows: number;
}

/** Long work that was begun and is not finished. */
export interface UnfinishedWork {
  /** Its name: the kind of work, its object, and its checkpoint. */
  readonly name: string;
  /** Documents done. */
  readonly documents: number;
  /** When it began. */
  readonly startedAt: Date;
  /** Ranges that workers have in hand, or had when they ended. */
  readonly open: number;
}

/** Facts of a store for people. */
export interface Inspection<Id = unknown> {
  /** Where it is kept: the kind of engine and its version. */
  readonly engine: string;
  /** How many living documents there are. On MongoDB this and the next two are the server's estimates. */
  readonly documents: number;
  /** The store's schema version. */
  readonly schema: number;
  /** Living documents of an older schema version than the store's, by their views: `migrate` brings them up. */
  readonly older: number;
  /** Living documents of a newer one: newer code wrote them, and this store cannot read them. */
  readonly newer: number;
  /** How many events the log has. */
  readonly events: number;
  /** How many snapshots are kept. */
  readonly snapshots: number;
  /** The size of documents, events and snapshots, in bytes; undefined where the engine cannot tell. */
  readonly bytes: number | undefined;
  /** The abilities of the engine, by name. */
  readonly abilities: Readonly<Record<string, boolean>>;
  /** The server's clock less this process's, in milliseconds; undefined where there is no server. */
  readonly clockOffsetMs: number | undefined;
  /** When the last sweep began; undefined where there was none. */
  readonly sweptAt: Date | undefined;
  /** The projections of this store. */
  readonly projections: readonly ProjectionStatus[];
  /** The names of projections that have rows here, and that this store does not have: nothing of theirs is looked at. */
  readonly otherProjections: readonly string[];
  /** Documents that projections failed on. */
  readonly failures: readonly RowFailure<Id>[];
  /** Long work that was begun and is not finished. */
  readonly unfinished: readonly UnfinishedWork[];
  /** The faults of the storage, and their remedies. */
  readonly problems: readonly Problem[];
}

const names: OptionNames<CallOptions> = { signal: true, timeoutMs: true };

/**
 * Looks at a store as a whole, and changes nothing. Cost: a few reads, and the count of each projection's rows.
 *
 * @throws OptionsError, ClosedError, StorageError and its kin
 * @example
 * const { documents, problems } = await inspect(orders);
 */
export async function inspect<T extends object, Id>(
  store: Store<T, Id>,
  options?: CallOptions,
): Promise<Inspection<Id>>;
export async function inspect(store: object, options?: CallOptions): Promise<Inspection> {
  checkCallOptions(options);
  refuseUnknownOptions(options, names, "inspect");
  const { resources, rows } = partsOf(store);
  const deadline = deadlineOfEach(options);
  const stored = await resources.opened(deadline);
  const { engine, events, views, snapshots, bytes, abilities, problems } = await stored.facts(
    deadline.call(),
  );
  const { version: schema } = resources.schema;
  const [older, newer] = await Promise.all([
    schema === 1 ? 0 : stored.views.count({}, deadline.call(), olderThan(schema)),
    stored.views.count({}, deadline.call(), newerThan(schema)),
  ]);
  const projections: ProjectionStatus[] = [];
  for (const { name, version } of rows.projections) {
    const { active, oldest } = await readGenerations(stored.checkpoints, name, deadline.call());
    const count = active === version ? await rows.of(name).count({}, deadline.call()) : 0;
    projections.push({ name, version, active, oldest, rows: count });
  }
  const otherProjections: string[] = [];
  for await (const name of listProjections(stored.checkpoints, deadline))
    if (!projections.some((projection) => projection.name === name)) otherProjections.push(name);
  const failures: RowFailure[] = [];
  for await (const failure of listFailures(stored.checkpoints, undefined, deadline)) failures.push(failure);
  const sweptAt = (await stored.checkpoints.get("sweep", deadline.call()))?.at;
  const unfinished: UnfinishedWork[] = [];
  for (const prefix of ["rebuild:", "verify:", "migrate:"]) {
    for (const { name, value } of await stored.checkpoints.list(prefix, { limit: 100 }, deadline.call())) {
      const job = jobOf(value);
      if (job === undefined || job.finished) continue;
      const { documents, startedAt, open } = job;
      unfinished.push({ name, documents, startedAt: new Date(startedAt), open: open.length });
    }
  }
  return {
    engine,
    events,
    documents: views,
    snapshots,
    bytes,
    abilities,
    problems,
    schema,
    older,
    newer,
    clockOffsetMs: await resources.clock.offset(),
    sweptAt: typeof sweptAt === "number" ? new Date(sweptAt) : undefined,
    projections,
    otherProjections,
    failures,
    unfinished,
  };
}
