import type { Facts, Problem } from "@everdraft/core/adapter";
import { collectionOptions } from "./connection/concerns.ts";
import type { Connection } from "./connection/connection.ts";
import type { CommandsDeadline } from "./connection/deadline.ts";
import type { Document } from "./connection/driver.ts";
import { collectionNames } from "./connection/names.ts";
import type { ProvenServer } from "./connection/prove-server.ts";
import { indexesOf } from "./indexes/index-guard.ts";
import {
  eventIndexes,
  faultOfIndex,
  shellCommand,
  snapshotIndexes,
  viewIndexes,
  type WantedIndex,
} from "./indexes/indexes.ts";

/** How the abilities of the server are found out. */
interface Abilities {
  /** Whether views are written in the transaction of their events. */
  readonly atomic: boolean;
  /** Tries the abilities of the server, given whether it says that it is one of several. */
  readonly prove: (isReplicated: boolean, deadline: CommandsDeadline) => Promise<ProvenServer>;
}

/** The facts of a collection, for people. Counts are the server's estimates, which cost no scan. */
export async function mongoFacts(
  { db }: Connection,
  collection: string,
  { atomic, prove }: Abilities,
  deadline: CommandsDeadline,
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
  const { transactions, atomicUpdates } = await prove(isReplicated, deadline);
  return {
    engine: engineOf(build, hello),
    views,
    events,
    snapshots,
    bytes,
    abilities: {
      atomicViews: atomic,
      rowIndexes: true,
      transactions,
      retryableWrites: isReplicated && typeof hello.logicalSessionTimeoutMinutes === "number",
    },
    problems: [
      ...viewFaults,
      ...eventFaults,
      ...snapshotFaults,
      ...(atomicUpdates ? [] : [{ what: `${engineOf(build, hello)} ${notAtomic}`, remedy: useAnother }]),
    ],
  };
}

const notAtomic =
  "carries out several changes that ask for the same state of a document: views and rows can fall back behind their log, and two workers can do one job.";
const useAnother = "Move the database to a server whose updates are atomic. The log is safe meanwhile.";

/** The name and version of a server. FerretDB and DocumentDB say which they are in fields of their own. */
function engineOf(build: Document, hello: Document): string {
  const spoken = `MongoDB ${String(build.version)}`;
  const ferret = isFields(build.ferretdb) ? build.ferretdb.version : build.ferretdbVersion;
  const internal = isFields(hello.internal) ? hello.internal : {};
  const documentdb = internal.documentdb_versions ?? internal.cosmos_versions;
  const own = [
    ...(ferret === undefined ? [] : [`FerretDB ${String(ferret)}`]),
    ...(documentdb === undefined ? [] : [`DocumentDB ${[documentdb].flat().join(", ")}`]),
  ];
  return own.length === 0 ? spoken : `${own.join(" on ")} (speaks ${spoken})`;
}

function isFields(value: unknown): value is Document {
  return typeof value === "object" && value !== null;
}

async function problemsOf(
  collection: ReturnType<Connection["db"]["collection"]>,
  wanted: readonly WantedIndex[],
  deadline: CommandsDeadline,
): Promise<readonly Problem[]> {
  const found = await indexesOf(collection, deadline);
  return wanted.flatMap((index) => {
    const fault = faultOfIndex(found, index);
    if (fault === undefined) return [];
    const what = `The index over (${Object.keys(index.key).join(", ")}) of ${JSON.stringify(collection.collectionName)} ${fault}.`;
    return [{ what, remedy: shellCommand(collection.collectionName, index) }];
  });
}

/** The bytes that the collections take up, where the server tells. */
async function bytesOf(db: Connection["db"], names: readonly string[]): Promise<number | undefined> {
  try {
    const stats = await Promise.all(names.map((name) => db.command({ collStats: name }, {})));
    return stats.reduce((sum, { size }) => sum + Number(size ?? 0), 0);
  } catch {
    return undefined;
  }
}
