// Long work on SQLite in pieces, by a clock that its work alone moves: each row that is read takes a twentieth of a
// millisecond, each that is written a hundredth. So the length of a piece is a count of rows, the same on every machine.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createStore,
  defineProjection,
  type Notice,
  type Revision,
  type StoreOptions,
} from "@everdraft/core";
import { countBehind, migrate, rebuild, verify } from "@everdraft/core/upkeep";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { piecesOf } from "../../core/test/support/pieces.ts";
import { sqliteStorage } from "../src/index.ts";
import { countEngine } from "./support/counted-engine.ts";

interface Doc {
  readonly n: number;
  readonly open: boolean;
}

const folder = mkdtempSync(join(tmpdir(), "everdraft-pieces-"));
const path = join(folder, "pieces.db");

/** The longest that a piece may be, in milliseconds of that clock. */
const longest = 20;

let worked = 0;
beforeAll(async () => {
  await countEngine({
    read: (rows) => {
      worked += rows / 20;
    },
    wrote: () => {
      worked += 1 / 100;
    },
  });
  vi.spyOn(performance, "now").mockImplementation(() => worked);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Expects of work that it is long enough for several pieces, and that none of them is too long. */
async function expectPieces(work: () => Promise<unknown>): Promise<void> {
  const { longest: piece, all } = await piecesOf(() => worked, work);
  expect(all).toBeGreaterThan(longest * 1.5);
  expect(piece).toBeLessThanOrEqual(longest);
}

const count = 700;
const idOf = (i: number): string => `d-${String(i).padStart(4, "0")}`;

function* revisions(): Generator<Revision<Doc>> {
  for (let n = 0; n < count; n++)
    yield {
      id: idOf(n),
      at: new Date(1_000 + n),
      by: "alice",
      state: { n: (n * 7) % count, open: n % 2 === 0 },
    };
  for (let n = 0; n < count; n++)
    yield { id: "long", at: new Date(5_000 + n), by: "alice", state: { n, open: true } };
}

const numbers = defineProjection({ name: "numbers", version: 1, rows: ({ n }: Doc) => [{ n }] });

type Options = Partial<StoreOptions<Doc, string>>;

/** Works with a store of its own, that knows no document yet. */
async function withStore<R>(
  work: (store: ReturnType<typeof createStore<Doc>>) => Promise<R>,
  options: Options = {},
): Promise<R> {
  const storage = sqliteStorage(path);
  const store = createStore<Doc>({ collection: "docs", storage, cache: { maxBytes: 0 }, ...options });
  try {
    return await work(store);
  } finally {
    await store.close();
    await storage.close();
  }
}

const readAll = async (list: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of list);
};

describe("long work lets others run after each piece of it:", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    await withStore((store) => expectPieces(() => store.import(revisions())));
  }, 60_000);

  const listed: readonly (readonly [
    string,
    (store: ReturnType<typeof createStore<Doc>>) => Promise<unknown>,
  ])[] = [
    ["a find of all documents", (store) => readAll(store.find({}))],
    ["a find of all documents as one list", (store) => store.find({}).toArray()],
    ["a find by a field without an index", (store) => readAll(store.find({ open: true }))],
    ["a find of nothing", (store) => readAll(store.find({ n: -1 }))],
    ["a sorted find", (store) => readAll(store.find({}, { sort: { n: 1 } }))],
    ["a count", (store) => store.count({ open: true })],
    [
      "the states of many documents",
      (store) => store.getMany(Array.from({ length: count }, (_, i) => idOf(i))),
    ],
    ["a history, oldest first", (store) => readAll(store.history("long"))],
    ["a history, newest first", (store) => readAll(store.history("long", { order: "newest" }))],
    ["a history that gives nothing", (store) => readAll(store.history("long", { by: "nobody" }))],
    ["the changes of all documents", (store) => readAll(store.changes())],
    ["the verification of a long history", (store) => store.verify("long")],
    ["the verification of a store", (store) => verify(store)],
    ["a rebuild of views", (store) => rebuild(store, { projection: "view" })],
    ["a count of the views that are behind", (store) => countBehind(store)],
    ["an import that was done before", (store) => store.import(revisions())],
  ];
  test.each(listed)("%s", async (_, work) => {
    await withStore((store) => expectPieces(() => work(store)));
  });

  test("the sweep of a store that opens, and a rebuild of its rows", async () => {
    await expectPieces(() => withStore((store) => store.sweep(), { projections: [numbers] }));
    await withStore(
      async (store) => {
        await expectPieces(() => rebuild(store, { projection: "numbers" }));
        await expectPieces(() => readAll(store.rows(numbers).find({})));
        await expectPieces(() => readAll(store.rows(numbers).find({}, { sort: { n: 1 } })));
        await expectPieces(() => verify(store));
      },
      { projections: [numbers] },
    );
  });

  test("the making of an index, and finds by it", async () => {
    const indexes = [{ keys: { n: 1 } }] as const;
    let tell: (notice: Notice) => void = () => undefined;
    const told = new Promise<Notice>((resolve) => {
      tell = resolve;
    });
    const onNotice = (notice: Notice): void => tell(notice);
    await expectPieces(() =>
      withStore(
        async (store) => {
          await store.get("long");
          expect(await told).toMatchObject({ type: "index-built" });
        },
        { indexes, onNotice },
      ),
    );
    await withStore(
      async (store) => {
        await expectPieces(() => readAll(store.find({}, { sort: { n: 1 } })));
        await expectPieces(() => readAll(store.find({ n: { $lt: 650 } })));
      },
      { indexes },
    );
  });

  test("a migration of all documents, after a find that migrates them", async () => {
    const migrations = { 1: ({ n, open }: Doc): Doc => ({ n: n + 1, open }) };
    await withStore(
      async (store) => {
        await expectPieces(() => readAll(store.find({ n: { $gte: 0 } })));
        await expectPieces(() => migrate(store, "deploy"));
      },
      { schemaVersion: 2, migrations },
    );
  });
});
