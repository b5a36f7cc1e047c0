import { type FindPlan, type FindQuery, isPlain } from "@everdraft/core/adapter";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import { joined, schemaCondition, sortOf } from "./find.ts";

/** How the server would answer a find now. It does not run it. */
export async function explainFind(
  { db }: Connection,
  collection: string,
  { filter, sort, schema }: FindQuery,
  { signal }: CommandsDeadline,
): Promise<FindPlan> {
  const find = { find: collection, filter: joined(filter, schemaCondition(schema)), sort: sortOf(sort) };
  const { queryPlanner } = await db.command({ explain: find, verbosity: "queryPlanner" }, { signal });
  const name = isPlain(queryPlanner) ? indexIn(queryPlanner.winningPlan) : undefined;
  return name === undefined ? { kind: "scan" } : { kind: "index", name };
}

/** The name of the first index in a plan, whatever the form of the plan is: it differs from server to server. */
export function indexIn(plan: unknown): string | undefined {
  if (Array.isArray(plan)) return plan.map(indexIn).find((name) => name !== undefined);
  if (!isPlain(plan)) return undefined;
  if (typeof plan.indexName === "string") return plan.indexName;
  // the stage that finds one document by its id names no index
  return plan.stage === "IDHACK" ? "_id_" : indexIn(Object.values(plan));
}
