import { EventEmitter, once } from "node:events";
import { createStore, EverdraftError } from "@everdraft/core";
import { findProgram, type OwnServer, startServer } from "@everdraft/test-server";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { watch, watchable } from "./support/watch.ts";

interface Log {
  tokens: string[];
}
let server: OwnServer;
beforeAll(async () => {
  const program = await findProgram();
  console.log(`A server of this file's own: ${program.what}`);
  server = await startServer(program);
}, 180_000);
afterAll(() => server?.stop());

test.each([true, false])(
  "a server that is killed under load loses nothing acknowledged (retryWrites: %s)",
  async (retryWrites) => {
    const client = watch(
      new MongoClient(server.uri, { retryWrites, serverSelectionTimeoutMS: 2_000, ...watchable }),
    );
    const storage = mongoStorage(client.db(`killed-${retryWrites}`));
    const store = createStore<Log>({ collection: "logs", storage });
    const ids = ["a", "b", "c", "d"];
    for (const id of ids) await store.create(id, "test", { tokens: [] });
    const acknowledged: string[] = [];
    const failed: string[] = [];
    const undecided: { id: string; token: string; eventId: string; version: number }[] = [];
    let stop = false;
    const heard = new EventEmitter();
    const acknowledgedMore = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left--) await once(heard, "acknowledged");
    };

    const writing = ids.flatMap((id) =>
      [1, 2].map(async (worker) => {
        for (let n = 0; !stop; n++) {
          const token = `${id}-${worker}-${n}`;
          try {
            await store.edit(id, "test", (draft) => void draft.tokens.push(token), { timeoutMs: 8_000 });
            acknowledged.push(token);
            heard.emit("acknowledged");
          } catch (error) {
            if (!(error instanceof EverdraftError)) throw error;
            if (error.code === "indeterminate") {
              undecided.push({
                ...(error.details as { id: string; eventId: string; version: number }),
                token,
              });
            } else failed.push(token);
          }
        }
      }),
    );
    for (let round = 0; round < 2; round++) {
      await acknowledgedMore(20);
      await server.kill();
      await server.start();
    }
    await acknowledgedMore(20);
    stop = true;
    await Promise.all(writing);

    for (const { id, token, eventId, version } of undecided) {
      const { outcome } = await store.resolve(id, { eventId, version }, { settle: "test" });
      (outcome === "stored" ? acknowledged : failed).push(token);
    }
    const found: string[] = [];
    for (const id of ids) {
      expect(await store.verify(id)).toMatchObject({ ok: true });
      const document = await store.read(id);
      expect(await store.get(id)).toEqual(document?.state);
      found.push(...(document?.state.tokens ?? []));
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    expect(found.toSorted()).toEqual(acknowledged.toSorted());
    expect(failed.filter((token) => found.includes(token))).toEqual([]);
    await store.close();
    await storage.close();
    await client.close();
  },
  600_000,
);
