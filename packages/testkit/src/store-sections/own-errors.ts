import {
  defineProjection,
  MigrationError,
  type Notice,
  ProjectionError,
  type Revision,
  type State,
  type Store,
} from "@everdraft/core";
import { rebuild, type StoreFinding, verify } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { type Order, order } from "./order.ts";
import { type First, type Second, twoOld } from "./people.ts";
import { eventsIn, storesNothing } from "./refusals.ts";
import type { StoreSection } from "./store-bench.ts";

/** An error as applications have them. */
class SoldOut extends Error {
  override readonly name = "SoldOut";
  readonly status = 409;
}

const soldOut = new SoldOut("there is none left");
const fail = (): never => {
  throw soldOut;
};

/** Whatever the caller's own code throws on purpose. */
export const ownErrors: StoreSection = librarySection("errors of the caller's own", {
  "a recipe's error reaches its caller as it is, whatever was thrown, and nothing is stored": async (
    bench,
  ) => {
    const store = bench.open();
    await store.create("o-1", "alice", order({ placed: new Date(5) }));
    for (const thrown of [
      soldOut,
      new RangeError("no"),
      "sold out",
      0,
      undefined,
      null,
      Object.freeze({ code: 1 }),
    ]) {
      const recipes: ((draft: Order) => void)[] = [
        () => {
          throw thrown;
        },
        (draft) => {
          draft.lines.push({ id: "A", qty: 1 });
          // a change that no draft can see is undone too
          draft.placed?.setTime(7);
          throw thrown;
        },
      ];
      for (const recipe of recipes)
        await storesNothing(bench.port, ["o-1"], async () => {
          for (const one of [store, bench.open()])
            await expect(one.edit("o-1", "bob", recipe)).rejects.toBe(thrown);
          await expect(store.edit("o-1", "bob", recipe, { key: "k" })).rejects.toBe(thrown);
        });
    }
    expect(await store.get("o-1")).toEqual(order({ placed: new Date(5) }));
    expect(await store.edit("o-1", "bob", (draft) => void draft.placed?.getTime())).toMatchObject({
      changed: false,
    });
  },

  "a recipe that throws on the newest state alone was run on it": async (bench) => {
    const [store, other] = [bench.open(), bench.open()];
    await store.create("o-1", "alice", order({ note: "one left" }));
    await other.edit("o-1", "carol", (draft) => void Object.assign(draft, { note: "none" }));
    const seen: unknown[] = [];
    const buy = (draft: Order): void => {
      seen.push(draft.note);
      if (draft.note === "none") fail();
      draft.note = "none";
    };
    await expect(store.edit("o-1", "bob", buy)).rejects.toBe(soldOut);
    expect(seen.at(-1)).toBe("none");
    expect(await eventsIn(bench.port, "o-1")).toHaveLength(2);
  },

  "a migration's error reaches whoever asked for the state, and a notice names the document": async (
    bench,
  ) => {
    const { port } = await twoOld(bench);
    const heard: Notice[] = [];
    const store = bench.open<Second>({
      schemaVersion: 2,
      migrations: { 1: fail },
      onNotice: (notice) => void heard.push(notice),
    });
    const calls: readonly (() => Promise<unknown>)[] = [
      () => store.get("p"),
      () => store.getMany(["p"]),
      () => store.read("p"),
      () => store.stateAt("p", { version: 1 }),
      () => store.diff("p", { version: 1 }, { version: 2 }),
      () => store.find().toArray(),
      () => store.edit("p", "bob", () => {}),
      () => store.replace("p", "bob", { first: "A", last: "B" }),
      () => store.revert("p", "bob", { version: 1 }),
    ];
    for (const call of calls) {
      heard.length = 0;
      await storesNothing(port, ["p"], () => expect(call(), String(call)).rejects.toBe(soldOut));
      const [notice] = heard.filter(({ type }) => type === "migration-failed");
      expect(notice).toMatchObject({ id: "p", cause: expect.any(MigrationError) });
      expect(notice).toMatchObject({ cause: { details: { id: "p", from: 1 }, cause: soldOut } });
    }
  },

  "a migration's error ends no work over all documents, and is the cause there": async (bench) => {
    const { port } = await twoOld(bench);
    const rows = ({ first }: Second): object => ({ first });
    const projections = [defineProjection({ name: "names", version: 1, rows })];
    const migrations = {
      1: ({ name }: First) => (name.startsWith("Ada") ? fail() : { first: name, last: "" }),
    };
    const store = bench.open<Second>({ schemaVersion: 2, migrations, projections });
    await bench.open<First>().create("q", "alice", { name: "Grace" });
    const failures: { readonly id: unknown; readonly cause?: unknown }[] = [];
    const options = {
      projection: "names",
      onFailure: (failure: { readonly id: unknown }) => void failures.push(failure),
    };
    expect(await rebuild(store, options)).toMatchObject({ complete: true, failures: 1 });
    expect(failures).toMatchObject([{ id: "p", code: "migration", cause: soldOut }]);
    expect(await store.rows("names").find().toArray()).toMatchObject([{ id: "q", row: { first: "Grace" } }]);
    const [finding] = await findings(store);
    expect(finding).toMatchObject({ id: "p", kind: "failed", cause: soldOut });
    expect(await eventsIn(port, "p")).toHaveLength(2);
  },

  "a projection's error fails no write, and is the cause of what is told": async (bench) => {
    const picky = defineProjection({
      name: "picky",
      version: 1,
      rows: ({ note }: State<Order>) => (note === "no" ? fail() : {}),
    });
    const store = bench.open({ projections: [picky] });
    expect(await store.create("o-1", "alice", order({ note: "no" }))).toMatchObject({ view: "current" });
    const notice = bench.notices.find(({ type }) => type === "projection-failed");
    expect(notice).toMatchObject({ id: "o-1", cause: expect.any(ProjectionError) });
    expect(notice).toMatchObject({ cause: { cause: soldOut } });
    const failures: { readonly id: unknown; readonly cause?: unknown }[] = [];
    await rebuild(store, { projection: "picky", onFailure: (failure) => void failures.push(failure) });
    expect(failures).toMatchObject([{ id: "o-1", code: "projection", cause: soldOut }]);
    expect(await findings(store)).toMatchObject([{ id: "o-1", kind: "failed", cause: soldOut }]);
  },

  "a source's error ends its import as it is; what it gave before is stored": async (bench) => {
    const store = bench.open();
    const revision = (id: string): Revision<Order> => ({ id, at: new Date(5), by: "alice", state: order() });
    async function* later(): AsyncGenerator<Revision<Order>> {
      yield revision("o-1");
      await Promise.resolve();
      fail();
    }
    function* atOnce(): Generator<Revision<Order>> {
      yield revision("o-2");
      fail();
    }
    for (const source of [later(), atOnce()]) await expect(store.import(source)).rejects.toBe(soldOut);
    expect(await bench.open().getMany(["o-1", "o-2"])).toEqual([order(), order()]);
  },
});

async function findings<T extends object>(store: Store<T>): Promise<readonly StoreFinding[]> {
  const found: StoreFinding[] = [];
  await verify(store, { onFinding: (finding) => void found.push(finding) });
  return found;
}
