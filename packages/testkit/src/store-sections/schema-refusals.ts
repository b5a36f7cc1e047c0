import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { bio, type First, type Second, twoOld } from "./people.ts";
import { refused, storesNothing } from "./refusals.ts";
import type { StoreSection } from "./store-bench.ts";

/** States that a store cannot hand out. */
export const schemaRefusals: StoreSection = librarySection("states that cannot be migrated", {
  "a store of an older schema refuses newer states, and reads the old ones on": async (bench) => {
    const { older, newer, port } = await twoOld(bench);
    await newer.edit("p", "bob", (draft) => void draft.phones.push("2"));
    for (const store of [older, bench.open<First>()]) {
      const calls = [
        () => store.get("p"),
        () => store.getMany(["p"]),
        () => store.read("p"),
        () => store.find({}, { onNewer: "refuse" }).toArray(),
        () => store.stateAt("p", { version: 3 }),
        () => store.edit("p", "alice", () => {}),
        () => store.edit("p", "alice", (draft) => void Object.assign(draft, { name: "Ada Ada" })),
        () => store.replace("p", "alice", { name: "Ada Ada" }),
      ];
      for (const call of calls) {
        const error = await storesNothing(port, ["p"], () => refused(call(), "schema_too_new"));
        expect(error.details).toMatchObject({ id: "p", found: 3, known: 1 });
      }
      expect(await store.stateAt("p", { version: 1 })).toEqual({ name: "Ada Byron", bio, phone: "1" });
      expect(await store.exists("p")).toBe(true);
      expect(await store.history("p").toArray()).toHaveLength(3);
      expect(await store.verify("p")).toMatchObject({ ok: true, version: 3 });
    }
  },

  "a migration that throws or changes what it is given fails that call alone": async (bench) => {
    const { port } = await twoOld(bench);
    const noState = { code: "migration", details: { id: "p", from: 1 } };
    const bad: readonly (readonly [migrate: (state: First) => unknown, error: object])[] = [
      [() => JSON.parse("no"), { name: "SyntaxError" }],
      [(state) => Object.assign(state, { first: "" }), { name: "TypeError" }],
      [() => Promise.resolve({}), noState],
      [() => Promise.reject(new Error("of nobody's interest")), noState],
      [() => undefined, noState],
    ];
    for (const [migrate, error] of bad) {
      const store = bench.open<Second>({ schemaVersion: 2, migrations: { 1: migrate as never } });
      await expect(store.get("p")).rejects.toMatchObject(error);
      const edit = () => store.edit("p", "bob", () => {});
      await storesNothing(port, ["p"], () => expect(edit()).rejects.toMatchObject(error));
      await store.create("fresh", "bob", { first: "Grace", last: "Hopper" }).catch((reason: unknown) => {
        expect(reason).toMatchObject({ code: "exists" });
      });
      expect(await store.get("fresh")).toMatchObject({ last: "Hopper" });
    }
  },

  "going back to a state that cannot be handed out stores nothing": async (bench) => {
    const { older, newer, port } = await twoOld(bench);
    const picky = bench.open<Second>({
      schemaVersion: 2,
      migrations: {
        1: ({ name }: First) => ({ first: name.split(" ")[0], last: /Lovelace/.exec(name)?.[0] ?? fail() }),
      },
    });
    const back = () => picky.revert("p", "bob", { version: 1 });
    await storesNothing(port, ["p"], () => expect(back()).rejects.toBe(unable));
    expect(await picky.get("p")).toEqual({ first: "Ada", last: "Lovelace" });
    await newer.edit("p", "bob", (draft) => void draft.phones.push("2"));
    await newer.delete("p", "bob");
    for (const call of [
      () => older.restore("p", "alice"),
      () => older.revert("p", "alice", { version: 3 }),
      () => bench.open<First>().restore("p", "alice"),
    ])
      await storesNothing(port, ["p"], () => refused(call(), "schema_too_new"));
    expect((await older.revert("p", "alice", { version: 2 })).state).toEqual({
      name: "Ada Lovelace",
      bio,
      phone: "1",
    });
  },
});

const unable = new Error("no");

function fail(): never {
  throw unable;
}
