import type { Call } from "../port/call.ts";
import type { CheckpointStore } from "../port/checkpoint-store.ts";
import type { Deadline } from "../port/deadline.ts";
import type { PlainObject } from "../value/value.ts";
import { listRecords } from "./checkpoint-pages.ts";

/*
 * The versions of a projection lie side by side, each with rows of its own. One of them is read: the newest that
 * a rebuild has completed.
 */

/** Which versions of a projection there are. */
export interface Generations {
  readonly revision: number;
  /** The version whose rows are read; 0 before a first rebuild is complete. */
  readonly active: number;
  /** Versions below are dropped. */
  readonly oldest: number;
}

const none: Generations = { revision: 0, active: 0, oldest: 0 };

const prefix = "projection:";

function recordName(projection: string): string {
  return `${prefix}${projection}`;
}

/** The names of all projections that have rows. */
export async function* listProjections(
  checkpoints: CheckpointStore,
  deadline: Deadline,
): AsyncGenerator<string> {
  for await (const { name } of listRecords(checkpoints, prefix, deadline)) yield name.slice(prefix.length);
}

/** The facts that are known of a projection's versions. */
export async function readGenerations(
  checkpoints: CheckpointStore,
  projection: string,
  call: Call,
): Promise<Generations> {
  return generationsOf(await checkpoints.get(recordName(projection), call));
}

function generationsOf(record: PlainObject | undefined): Generations {
  const count = (value: unknown): number => (typeof value === "number" ? value : 0);
  if (record === undefined) return none;
  return {
    revision: count(record.revision),
    active: count(record.active),
    oldest: count(record.oldest),
  };
}

/** Changes the record of a projection's versions, each time on the newest one; gives the record that is there then. */
export async function changeGenerations(
  checkpoints: CheckpointStore,
  projection: string,
  change: (now: Generations) => Generations,
  call: Call,
): Promise<Generations> {
  for (;;) {
    const now = await readGenerations(checkpoints, projection, call);
    const wanted = change(now);
    if (wanted.active === now.active && wanted.oldest === now.oldest) return now;
    const next = { ...wanted, revision: now.revision + 1 };
    if (await checkpoints.swap(recordName(projection), next, call)) return next;
  }
}
