import type { TestProject } from "vitest/node";
import { abilitiesOf } from "./abilities.ts";
import { findProgram, findServers } from "./find-server.ts";
import type { ProvidedMongo } from "./provided.ts";
import { startServer } from "./running-server.ts";

/** Starts the MongoDB that the tests use, and ends it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { uris, what, stays, stop } = await findServers(project.vitest.config.maxWorkers);
  console.log(`MongoDB for the tests: ${what}`);
  const abilities = await abilitiesOf(uris[0] as string);
  const own = stays ? await ownServer() : { what, abilities };
  if (stays) console.log(`MongoDB for tests that end their server or make it fail: ${own.what}`);
  project.provide("mongo", { uris, what, stays, abilities, own } satisfies ProvidedMongo);
  return stop;
}

/** The server that such files start, started once to be tried. */
async function ownServer(): Promise<ProvidedMongo["own"]> {
  const program = await findProgram();
  const server = await startServer(program);
  try {
    return { what: program.what, abilities: await abilitiesOf(server.uri) };
  } finally {
    await server.stop();
  }
}
