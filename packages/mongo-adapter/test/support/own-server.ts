import "./time-limits.ts";
import { findProgram, type OwnServer, startServer } from "@everdraft/test-server";
import { workerMongo } from "@everdraft/test-server/vitest";
import { MongoClient, type MongoClientOptions } from "mongodb";
import { afterAll, afterEach, beforeAll, onTestFinished, TestRunner } from "vitest";
import { watch, watchable } from "./watch.ts";

/** A server of a file's own: it can be killed, and a failpoint strikes whatever command comes next. */
export interface FailingServer {
  readonly server: () => OwnServer;
  /** Makes commands fail as the data of `failCommand` says. Off again after each test; one that cannot be done is skipped. */
  fail(data: object, mode?: "alwaysOn" | { readonly times: number }): Promise<void>;
  mend(): Promise<void>;
  /** Does an edit, in which a client learns that its server does not take an event and its view as one command. */
  apart(edit: () => Promise<unknown>): Promise<void>;
  /** A client of it, watched, closed at the end of the test. */
  client(options?: MongoClientOptions): MongoClient;
  /** The client of somebody else, whom nobody watches. */
  byHand(): MongoClient;
}

/** Starts one for the tests of a file. */
export function failingServer(): FailingServer {
  let server: OwnServer;
  let admin: MongoClient;
  beforeAll(async () => {
    const program = await findProgram();
    console.log(`A server of this file's own: ${program.what}`);
    server = await startServer(program);
    admin = new MongoClient(server.uri);
  }, 180_000);
  afterAll(async () => {
    await admin?.close();
    await server?.stop();
  });
  const failPoint = async (rest: object): Promise<void> => {
    await admin.db("admin").command({ configureFailPoint: "failCommand", ...rest });
  };
  const { failPoints } = workerMongo().own.abilities;
  const mend = async (): Promise<void> => {
    if (failPoints) await failPoint({ mode: "off" });
  };
  afterEach(mend);
  const fail: FailingServer["fail"] = async (data, mode = "alwaysOn") => {
    if (!failPoints) TestRunner.getCurrentTest()?.context.skip("this server has no failpoints");
    await failPoint({ mode, data });
  };
  return {
    server: () => server,
    mend,
    apart: async (edit) => {
      await fail({ failCommands: ["bulkWrite"], errorCode: 59 });
      await edit();
      await mend();
    },
    byHand: () => admin,
    fail,
    client: (options = {}) => {
      // an election that a failpoint only plays is over for the driver with the next heartbeat
      const all = {
        serverSelectionTimeoutMS: 2_000,
        heartbeatFrequencyMS: 500,
        ...options,
        ...watchable,
      };
      const client = watch(new MongoClient(server.uri, all));
      onTestFinished(() => client.close());
      return client;
    },
  };
}
