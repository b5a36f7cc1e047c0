import type { Facts, Problem } from "@everdraft/core/adapter";
import { collectionOptions } from "./concerns.ts";
import type { Connection } from "./connection.ts";
import type { Deadline } from "./deadline.ts";
import { indexesOf } from "./index-guard.ts";
import {
  eventIndexes,
  faultOfIndex,
  shellCommand,
  snapshotIndexes,
  viewIndexes,
  type WantedIndex,
} from "./indexes.ts";
import { collectionNames } from "./names.ts";

/** What people want to know of a collection. Counts are the server's estimates, which cost no scan. */
export async function mongoFacts(
  { db }: Connection,
  collection: string,
  atomic: boolean,
  deadline: Deadline,
): Promise<Facts> {
  const names = collectionNames(collection);
  const of = (name: string) => db.collection(name, collectionOptions);
  const estimate = (name: string) => of(name).estimatedDocumentCount({ maxTimeMS: deadline.left() });
  const [hello, build, views, events, snapshots, bytes, viewFaults, eventFaults, snapshotFaults] =
    await Promise.all([
      db.command({ hello: 1 }, { signal: deadline.signal }),
      db.command({ buildInfo: 1 }, { signal: deadline.signal }),
      estimate(names.views),
      estimate(names.events),
      estimate(names.snapshots),
      bytesOf(db, Object.values(names)),
      problemsOf(of(names.views), viewIndexes, deadline),
      problemsOf(of(names.events), eventIndexes, deadline),
      problemsOf(of(names.snapshots), snapshotIndexes, deadline),
    ]);
  const isReplicated = typeof hello.setName === "string" || hello.msg === "isdbgrid";
  return {
    engine: `MongoDB ${String(build.version)}`,
    ...{ views, events, snapshots, bytes },
    abilities: {
      atomicViews: atomic,
      rowIndexes: true,
      transactions: isReplicated,
      retryableWrites: isReplicated && typeof hello.logicalSessionTimeoutMinutes === "number",
    },
    problems: [...viewFaults, ...eventFaults, ...snapshotFaults],
  };
}

async function problemsOf(
  collection: ReturnType<Connection["db"]["collection"]>,
  wanted: readonly WantedIndex[],
  deadline: Deadline,
): Promise<readonly Problem[]> {
  const found = await indexesOf(collection, deadline);
  return wanted.flatMap((index) => {
    const fault = faultOfIndex(found, index);
    if (fault === undefined) return [];
    const what = `The index over (${Object.keys(index.key).join(", ")}) of ${JSON.stringify(collection.collectionName)} ${fault}.`;
    return [{ what, remedy: shellCommand(collection.collectionName, index) }];
  });
}

/** What the collections take up, where the server tells. */
async function bytesOf(db: Connection["db"], names: readonly string[]): Promise<number | undefined> {
  try {
    const stats = await Promise.all(names.map((name) => db.command({ collStats: name }, {})));
    return stats.reduce((sum, { size }) => sum + Number(size ?? 0), 0);
  } catch {
    return undefined;
  }
}
