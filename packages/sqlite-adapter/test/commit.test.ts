import { describe, expect, test } from "vitest";
import { appendOf, call, eventOf, newPath, ordersAt, rawAt, viewOf } from "./support/fixtures.ts";

const stored = { event: "stored", view: "current" };

describe("a commit", () => {
  test("from two connections into one slot is stored once, again and again", async () => {
    const path = newPath();
    const writers = [await ordersAt(path), await ordersAt(path)];
    for (let version = 1; version <= 50; version++) {
      const outcomes = await Promise.all(
        writers.map(({ log }, i) =>
          log.commit([appendOf({ version, by: `writer-${i}` })], "independent", call),
        ),
      );
      expect(
        outcomes
          .flat()
          .map(({ event }) => event)
          .sort(),
      ).toEqual(["stored", "taken"]);
    }
    const events = await writers[0]?.log.read("o-1", { from: 1, to: 99, limit: 99 }, call);
    expect(events?.map(({ version }) => version)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  test("of independent events stores those whose slot and id are free and says what refused the others", async () => {
    const { log, views } = await ordersAt(newPath());
    await log.commit([appendOf({ doc: "a", id: "id-a" }), appendOf({ doc: "b" })], "independent", call);
    const outcomes = await log.commit(
      [
        appendOf({ doc: "a", version: 2, id: "id-a" }),
        appendOf({ doc: "b", by: "late" }),
        // an id is unique within its document only
        appendOf({ doc: "c", id: "id-a" }),
        { event: eventOf({ doc: "d" }) },
      ],
      "independent",
      call,
    );
    expect(outcomes).toEqual([
      { event: "taken", by: "id" },
      { event: "taken", by: "slot" },
      stored,
      { event: "stored" },
    ]);
    expect(
      (await views.get(["a", "b", "c", "d"], call)).map((view) => view && [view.version, view.by]),
    ).toEqual([[1, "alice"], [1, "alice"], [1, "alice"], undefined]);
  });

  test("of a chain stores a prefix and sends nothing after the first that is taken", async () => {
    const { log } = await ordersAt(newPath());
    await log.commit([appendOf({ version: 1 })], "independent", call);
    await log.commit([appendOf({ version: 4 })], "independent", call);
    const chain = [2, 3, 4, 5].map((version) => ({ event: eventOf({ version }) }));
    expect(await log.commit(chain, "chain", call)).toEqual([
      { event: "stored" },
      { event: "stored" },
      { event: "taken", by: "slot" },
      { event: "unsent" },
    ]);
    expect((await log.head("o-1", 0, call))?.version).toBe(4);
  });

  test("that fails before it ends is refused, on the one event that it fails on", async () => {
    const path = newPath();
    const { log } = await ordersAt(path);
    // an error that no code tells anything of
    rawAt(path).exec(`CREATE TRIGGER fails BEFORE INSERT ON "orders.events" WHEN new.doc = 'bad'
      BEGIN SELECT abs(-9223372036854775807 - 1); END`);
    const refused = {
      event: "refused",
      error: { code: "storage", message: expect.stringMatching(/integer overflow/) },
    };
    const docs = ["a", "bad", "c"];
    expect(
      await log.commit(
        docs.map((doc) => appendOf({ doc })),
        "independent",
        call,
      ),
    ).toMatchObject([stored, refused, stored]);
    const chain = [1, 2].map((version) => ({ event: eventOf({ doc: "bad", version }) }));
    expect(await log.commit(chain, "chain", call)).toMatchObject([refused, refused]);
    expect(await log.head("bad", 0, call)).toBeUndefined();
  });

  test("of nothing has no outcomes", async () => {
    const { log } = await ordersAt(newPath());
    expect(await log.commit([], "independent", call)).toEqual([]);
  });

  test("gives back every field of an event as it was, and none that was not", async () => {
    const { log } = await ordersAt(newPath());
    const bare = eventOf();
    const full = eventOf({
      version: 2,
      act: "act-1",
      ref: { version: 1, at: 1_000, event: "e" },
      migrated: 1,
      reason: "a\0b, ü 😀",
      meta: { at: new Date(5), bytes: Uint8Array.of(0, 255), list: [null, true, -1.5, Number.NaN] },
    });
    await log.commit([{ event: bare }, { event: full }], "chain", call);
    const [first, second] = await log.read("o-1", { from: 1, to: 2, limit: 2 }, call);
    expect(first).toStrictEqual(bare);
    expect(second).toStrictEqual(full);
    expect(Object.isFrozen(second?.patches)).toBe(true);
    expect(await log.byId("o-1", full.id, call)).toStrictEqual(full);
  });
});

describe("a view", () => {
  test("is written only over a lower version, and over any for repair", async () => {
    const { views } = await ordersAt(newPath());
    const [one, two] = [viewOf(eventOf()), viewOf(eventOf({ version: 2 }))];
    expect(await views.write(two, "lower", call)).toBe("current");
    expect(await views.write(one, "lower", call)).toBe("current");
    expect(await views.get(["o-1"], call)).toEqual([two]);
    expect(await views.write(one, "any", call)).toBe("current");
    expect(await views.get(["o-1"], call)).toEqual([one]);
  });

  test("of a deleted document keeps its version, so that a late writer cannot bring it back", async () => {
    const { views } = await ordersAt(newPath());
    const deleted = viewOf(eventOf({ version: 3 }), null);
    expect(await views.write(deleted, "lower", call)).toBe("current");
    expect(await views.write(viewOf(eventOf({ version: 2 })), "lower", call)).toBe("current");
    expect(await views.get(["o-1"], call)).toStrictEqual([deleted]);
    expect(await views.count({}, call)).toBe(0);
    expect(await views.find({ filter: {}, sort: [], limit: 9 }, call)).toEqual([]);
  });
});
