import { workerMongo } from "@everdraft/test-server/vitest";

/** Whether the server of this run has transactions: what needs them is skipped where it has none. */
export const { transactions: hasTransactions } = workerMongo().abilities;

/** The ways to write views: after their events, and where the server can do it in the transaction of their events. */
export const atomicOrNot: readonly boolean[] = hasTransactions ? [false, true] : [false];
