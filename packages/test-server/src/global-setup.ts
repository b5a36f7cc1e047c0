import type { TestProject } from "vitest/node";
import { findServer } from "./find-server.ts";
import type { ProvidedMongo } from "./provided.ts";

/** Starts the MongoDB that the tests use, and ends it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await findServer();
  console.log(`MongoDB for the tests: ${server.what}`);
  const { uri, what, stays } = server;
  project.provide("mongo", { uri, what, stays } satisfies ProvidedMongo);
  return () => server.stop();
}
