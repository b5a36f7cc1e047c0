import type { Document } from "mongodb";
import type { Manner, Refusal } from "./proxy.ts";

const noTransactions: Refusal = {
  code: 20,
  codeName: "IllegalOperation",
  errmsg: "Transaction numbers are only allowed on a replica set member or mongos",
};
/** The answer of a server that does not have a command. */
export const noCommand = (name: string): Refusal => ({
  code: 59,
  codeName: "CommandNotFound",
  errmsg: `no such command: '${name}'`,
});

/** What a member of a replica set says of itself and a standalone does not. */
const ofReplicaSets = [
  ...["setName", "setVersion", "secondary", "hosts", "primary", "me", "electionId", "lastWrite", "arbiters"],
  ...["topologyVersion", "logicalSessionTimeoutMinutes", "$clusterTime", "operationTime"],
];

/** A server that is alone and without sessions, and says so. */
export const standalone: Manner = {
  hello: (reply) =>
    Object.fromEntries(Object.entries(reply).filter(([name]) => !ofReplicaSets.includes(name))),
  refuse: ({ txnNumber }) => (txnNumber === undefined ? undefined : noTransactions),
};

/** A server that says to be a replica set, and lacks what came to MongoDB later than inserts and finds. */
export const least: Manner = {
  refuse: (command) => {
    if ("bulkWrite" in command) return noCommand("bulkWrite");
    if (command.txnNumber !== undefined) return noTransactions;
    return isChangeStream(command) ? noCommand("$changeStream") : undefined;
  },
};

function isChangeStream({ pipeline }: Document): boolean {
  return Array.isArray(pipeline) && pipeline.some((stage) => "$changeStream" in stage);
}
