import type { TestProject } from "vitest/node";
import { findServer } from "./find-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The MongoDB of this run. */
    mongo: { readonly uri: string; readonly what: string };
  }
}

/**
 * Starts the MongoDB that the tests use, where tests that need one are run at all, and ends it afterwards.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!(await needsMongo(project))) {
    project.provide("mongo", { uri: "", what: "none was started" });
    return undefined;
  }
  const server = await findServer();
  console.log(`MongoDB for the tests: ${server.what}`);
  project.provide("mongo", { uri: server.uri, what: server.what });
  return () => server.stop();
}

/** Whether this run has tests of this package. */
async function needsMongo(project: TestProject): Promise<boolean> {
  const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("-") && argument !== "run");
  const { testFiles } = await project.globTestFiles(filters.length === 0 ? [] : filters);
  return testFiles.some((file) => file.includes("/packages/mongo-adapter/"));
}
