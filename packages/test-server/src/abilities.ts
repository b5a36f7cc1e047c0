import { type Collection, type Document, MongoClient } from "mongodb";

/** The abilities of a server that some tests need, found by trial, not by its name. */
export interface Abilities {
  /** It is a member of a replica set, or mongos, and takes a transaction back. */
  readonly transactions: boolean;
  /** It has `configureFailPoint`. */
  readonly failPoints: boolean;
  /** Its `explain` tells an index also of a query with conditions beside it. */
  readonly wholePlans: boolean;
  /** `$all` is met by several elements together. */
  readonly allAcrossElements: boolean;
  /** `$elemMatch` takes `$or`. */
  readonly elemMatchWithOr: boolean;
  /** It keeps the last date that there is. */
  readonly lateDates: boolean;
  /** It has the command `bulkWrite` and is not mongos, so that the adapter sends an event and its view as one command. */
  readonly bulkCommand: boolean;
}

const trials: Readonly<Record<keyof Abilities, (trial: Trial) => Promise<boolean>>> = {
  transactions: async ({ client, documents }) => {
    // one that is no member of a replica set is not asked for any, even where it would take them
    const { setName, msg } = await client.db("admin").command({ hello: 1 });
    if (typeof setName !== "string" && msg !== "isdbgrid") return false;
    const session = client.startSession();
    try {
      session.startTransaction();
      await documents.insertOne({ mark: "transaction" }, { session });
      await session.abortTransaction();
      return (await documents.findOne({ mark: "transaction" })) === null;
    } finally {
      await session.endSession();
    }
  },
  failPoints: async ({ client }) => {
    await client.db("admin").command({ configureFailPoint: "failCommand", mode: "off" });
    return true;
  },
  wholePlans: async ({ client, documents }) => {
    await documents.createIndex({ indexed: 1 });
    const find = { find: documents.collectionName, filter: { indexed: 1, other: 1 } };
    const plan = await client.db(documents.dbName).command({ explain: find, verbosity: "queryPlanner" });
    return JSON.stringify(plan.queryPlanner.winningPlan).includes("IXSCAN");
  },
  allAcrossElements: (trial) => finds(trial, { list: [{ n: 1 }, { n: 2 }] }, { "list.n": { $all: [1, 2] } }),
  elemMatchWithOr: (trial) =>
    finds(trial, { list: [{ n: 1 }] }, { list: { $elemMatch: { $or: [{ n: 1 }, { n: 2 }] } } }),
  bulkCommand: async ({ client, documents }) => {
    const { msg } = await client.db("admin").command({ hello: 1 });
    if (msg === "isdbgrid") return false;
    const ops = [{ insert: 0, document: { mark: "bulk" } }];
    const nsInfo = [{ ns: documents.namespace }];
    return (await client.db("admin").command({ bulkWrite: 1, ops, nsInfo })).nInserted === 1;
  },
  lateDates: (trial) => finds(trial, { at: new Date(8.64e15) }, { at: new Date(8.64e15) }),
};

interface Trial {
  readonly client: MongoClient;
  readonly documents: Collection<Document>;
}

async function finds({ documents }: Trial, document: Document, filter: object): Promise<boolean> {
  const { insertedId } = await documents.insertOne(document);
  return (await documents.findOne({ _id: insertedId, ...filter })) !== null;
}

/** Tries all of them. A trial that ends in an error says no. */
export async function abilitiesOf(uri: string): Promise<Abilities> {
  const client = await MongoClient.connect(uri);
  const database = client.db(`everdraft-trial-${process.pid}-${Date.now()}`);
  try {
    await database.createCollection("trials");
    const trial = { client, documents: database.collection("trials") };
    const has = (name: keyof Abilities): Promise<boolean> => trials[name](trial).catch(() => false);
    const abilities: Abilities = {
      transactions: await has("transactions"),
      failPoints: await has("failPoints"),
      wholePlans: await has("wholePlans"),
      allAcrossElements: await has("allAcrossElements"),
      elemMatchWithOr: await has("elemMatchWithOr"),
      bulkCommand: await has("bulkCommand"),
      lateDates: await has("lateDates"),
    };
    await database.dropDatabase();
    return abilities;
  } finally {
    await client.close();
  }
}
