import { EverdraftError } from "@everdraft/core";
import { expect } from "vitest";
import { rendezvous } from "../rendezvous.ts";
import { section } from "../sections/section.ts";
import { order } from "./order.ts";
import { rivalled } from "./rivalled.ts";
import type { StoreSection } from "./store-bench.ts";

const crowd = Array.from({ length: 64 }, (_, i) => i);

/** Many writes of one process at the same time. */
export const writeQueues: StoreSection = section(
  "many writes at once in one process",
  {
    "64 edits of one document all land, in the order of the calls, none lost": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      const all = await Promise.all(
        crowd.map((i) =>
          store.edit("o-1", `user-${i}`, (draft) => void draft.lines.push({ id: `${i}`, qty: i })),
        ),
      );
      expect(all.map(({ version }) => version)).toEqual(crowd.map((i) => i + 2));
      expect(all.map(({ by }) => by)).toEqual(crowd.map((i) => `user-${i}`));
      expect(all.map(({ state }) => state.lines.length)).toEqual(crowd.map((i) => i + 1));
      expect((await store.get("o-1"))?.lines.map(({ qty }) => qty)).toEqual(crowd);
      for (const i of [0, 31, 63])
        expect(await store.stateAt("o-1", { version: i + 2 })).toEqual(all[i]?.state);
      const events = await bench.open().history("o-1").toArray();
      expect(events.map(({ eventId }) => eventId).slice(1)).toEqual(all.map(({ eventId }) => eventId));
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 65 });
      expect(bench.notices).toEqual([]);
    },

    "64 documents are made, edited and deleted at once, each with its own answer": async ({ open }) => {
      const store = open();
      const made = await Promise.all(
        crowd.map((i) => store.create(`o-${i}`, "alice", order({ note: `${i}` }))),
      );
      expect(made.map(({ id, state }) => `${id} ${state.note}`)).toEqual(crowd.map((i) => `o-${i} ${i}`));
      const edited = await Promise.all(
        crowd.map((i) =>
          store.edit(`o-${i}`, "bob", (draft) => {
            draft.status = `s${i}`;
          }),
        ),
      );
      expect(edited.map(({ id, version, state }) => `${id} ${version} ${state.status}`)).toEqual(
        crowd.map((i) => `o-${i} 2 s${i}`),
      );
      await Promise.all(crowd.filter((i) => i % 2 === 1).map((i) => store.delete(`o-${i}`, "carol")));
      const states = await open().getMany(crowd.map((i) => `o-${i}`));
      expect(states.map((state) => state?.status)).toEqual(
        crowd.map((i) => (i % 2 === 1 ? undefined : `s${i}`)),
      );
    },

    "a refusal in the middle of a crowd is that call's alone": async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      const raced = await rendezvous(
        crowd.map((i) => () => {
          if (i % 8 === 3) return store.edit("o-1", "bob", () => fail("no"));
          if (i % 8 === 5) return store.edit("o-1", "bob", () => {});
          if (i % 8 === 7) return store.create("o-1", "bob", order());
          return store.edit("o-1", `user-${i}`, (draft) => void draft.lines.push({ id: `${i}`, qty: i }));
        }),
      );
      const done = raced.map((one) => ("error" in one ? toldBy(one.error) : one.value.changed));
      const kinds = { 3: "no", 5: false, 7: "exists" } as Record<number, unknown>;
      expect(done).toEqual(crowd.map((i) => kinds[i % 8] ?? true));
      const landed = crowd.filter((i) => kinds[i % 8] === undefined);
      expect((await open().get("o-1"))?.lines.map(({ qty }) => qty)).toEqual(landed);
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: landed.length + 1 });
    },

    "calls on one document take effect in their order, deletion and creation included": async ({ open }) => {
      const store = open();
      const calls = [
        store.create("o-1", "alice", order()),
        store.edit("o-1", "bob", (draft) => {
          draft.note = "seen";
        }),
        store.delete("o-1", "carol"),
        store.edit("o-1", "dave", (draft) => {
          draft.note = "too late";
        }),
        store.create("o-1", "erin", order({ note: "anew" })),
        store.delete("o-1", "frank"),
        store.restore("o-1", "grace"),
        store.revert("o-1", "heidi", { version: 2 }),
        store.edit("o-1", "ivan", (draft) => {
          draft.status = draft.note ?? "";
        }),
      ];
      const outcomes = (await Promise.allSettled(calls)).map((one) =>
        one.status === "fulfilled" ? one.value.version : (one.reason as { code: string }).code,
      );
      expect(outcomes).toEqual([1, 2, 3, "deleted", 4, 5, 6, 7, 8]);
      expect(await open().get("o-1")).toEqual(order({ note: "seen", status: "seen" }));
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 8 });
    },

    "what was decided behind a write that then lost is decided again on what won": async (bench) => {
      for (const warm of [false, true]) {
        const id = warm ? "warm" : "cold";
        // the first round is the first call alone; the second is all three, and loses to the rival's second
        const { rival, store } = await rivalled(bench, 2, id);
        if (warm) await store.read(id);
        const add = (line: string, before: "looks" | "throws" | "adds") =>
          store.edit(id, "alice", ({ lines, note }) => {
            if (note !== "2" && before === "throws") throw new Error("the rival is not done yet");
            if (note === "2" || before === "adds") lines.push({ id: line, qty: 1 });
          });
        const settled = await Promise.allSettled([add("A", "adds"), add("B", "looks"), add("C", "throws")]);
        const answers = settled.map((one) => (one.status === "fulfilled" ? one.value : one.reason));
        expect(answers).toMatchObject([4, 5, 6].map((version) => ({ version, changed: true })));
        expect((await rival.get(id))?.lines.map((line) => line.id)).toEqual(["A", "B", "C"]);
        expect(await rival.verify(id)).toMatchObject({ ok: true, version: 6 });
      }
    },

    "a reading that begins after a write was acknowledged sees it": async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      await Promise.all(
        crowd.slice(0, 24).map(async (i) => {
          const { version } = await store.edit("o-1", "bob", (draft) => {
            draft.lines.push({ id: `${i}`, qty: i });
          });
          expect((await store.get("o-1"))?.lines.some(({ qty }) => qty === i)).toBe(true);
          expect((await store.read("o-1"))?.version).toBeGreaterThanOrEqual(version);
          const found = await store.find({ "lines.qty": i }).toArray();
          expect(found[0]?.version).toBeGreaterThanOrEqual(version);
        }),
      );
    },
  },
  {
    "a slow crowd on one document does not keep others waiting": async ({ open }) => {
      const store = open();
      await Promise.all([store.create("o-1", "alice", order()), store.create("o-2", "alice", order())]);
      const finished: string[] = [];
      const crowded = crowd.map((i) =>
        store
          .edit("o-1", "bob", (draft) => void draft.lines.push({ id: `${i}`, qty: i }))
          .then(() => void finished.push("o-1")),
      );
      const other = store
        .edit("o-2", "bob", (draft) => {
          draft.note = "quick";
        })
        .then(() => void finished.push("o-2"));
      await Promise.all([...crowded, other]);
      expect(finished).toHaveLength(65);
      expect((await open().get("o-2"))?.note).toBe("quick");
    },
  },
);

/** The code of an error of the library, the message of another one. */
function toldBy(error: unknown): unknown {
  return error instanceof EverdraftError ? error.code : (error as Error).message;
}

function fail(message: string): never {
  throw new Error(message);
}
