import type { TestProject } from "vitest/node";
import { findServers } from "./find-server.ts";
import type { ProvidedMongo } from "./provided.ts";

/** Starts the MongoDB that the tests use, and ends it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { uris, what, stays, stop } = await findServers(project.vitest.config.maxWorkers);
  console.log(`MongoDB for the tests: ${what}`);
  project.provide("mongo", { uris, what, stays } satisfies ProvidedMongo);
  return stop;
}
