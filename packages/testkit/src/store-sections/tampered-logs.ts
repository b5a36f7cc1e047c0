import { CorruptEventError, type StoredEvent } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { eventChanges, withChange } from "./event-changes.ts";
import { eventsIn, refused } from "./refusals.ts";
import {
  type Damaged,
  expectTrueOrRefused,
  type KnownHistory,
  longHistory,
  type Plain,
  richHistories,
  richHistory,
} from "./rich-history.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";
import { type Tamper, tamperedStorage } from "./tampered-storage.ts";
import { wrapStorage } from "./wrap-storage.ts";

type Case = readonly [what: string, tamper: Tamper, version: number, kind: "event" | "doubled" | "cut"];

/** Logs that somebody changed: found by verify, and never read as something that was not. */
export const tamperedLogs: StoreSection = librarySection("logs that were tampered with", {
  "verify finds every changed field of every event, and names its version": async (bench) => {
    const known = await richHistory(bench, "d");
    for (const { version } of known.events) {
      for (const field of Object.keys(eventChanges)) {
        const verifying = withField(bench, known, version, field).store.verify("d");
        // an event of a newer library cannot be judged, and verify says so
        if (field === "format of the future") await refused(verifying, "format_too_new");
        else {
          const { ok, findings } = await verifying;
          expect({ field, ok, first: findings[0]?.version }).toEqual({ field, ok: false, first: version });
        }
      }
    }
    expect(await bench.open(known.options).verify("d")).toMatchObject({ ok: true });
  },

  "no changed event is ever read as something that was not": async (bench) => {
    const known = await richHistory(bench, "d");
    const versions = known.events.map(({ version }) => version);
    for (const version of versions) {
      for (const field of Object.keys(eventChanges))
        await expectTrueOrRefused(withField(bench, known, version, field), known, versions);
    }
  },

  "a version before a changed event is given, whatever was changed": async (bench) => {
    const known = await richHistory(bench, "d");
    for (const { version } of known.events) {
      if (version === 1) continue;
      for (const field of Object.keys(eventChanges)) {
        const { store } = withField(bench, known, version, field);
        const given = await store.stateAt("d", { version: version - 1 }).catch(({ code }) => code);
        expect({ field, given }).toEqual({ field, given: known.states[version - 2] });
      }
    }
  },

  "events that are missing, doubled, swapped or another document's are found and named": async (bench) => {
    const known = await richHistory(bench, "d");
    await richHistory(bench, "other");
    const foreign = (await eventsIn(bench.port, "other"))[1] as StoredEvent;
    const renamed = { ...foreign, doc: "d" };
    const cases: readonly Case[] = [
      ["the first is missing", (all) => all.slice(1), 1, "event"],
      ["one in the middle is missing", (all) => all.filter(({ version }) => version !== 4), 4, "event"],
      ["several are missing", (all) => all.filter(({ version }) => version < 3 || version > 5), 3, "event"],
      ["two are swapped", (all) => swapped(all, 2, 3), 2, "event"],
      ["one is there twice", (all) => [...all, ...all.slice(4, 5)], 5, "doubled"],
      ["one is another's", (all) => all.map((one, i) => (i === 1 ? foreign : one)), 2, "event"],
      [
        "one is another's under this name",
        (all) => all.map((one, i) => (i === 1 ? renamed : one)),
        2,
        "event",
      ],
      ["the last is missing", (all) => all.slice(0, -1), 9, "cut"],
      ["the tail is missing", (all) => all.slice(0, 3), 4, "cut"],
      ["all are missing", () => [], 1, "cut"],
    ];
    for (const [what, tamper, version, kind] of cases) {
      const damaged = tampered(bench, known, what, tamper);
      const { ok, findings } = await damaged.store.verify("d");
      expect({ what, ok, first: findings[0] }).toMatchObject({ what, ok: false, first: { version, kind } });
      // that a tail is missing is seen by the view only, so dates after the cut mean the last that is left
      const asked = known.events.map((event) => event.version).filter((v) => kind !== "cut" || v < version);
      await expectTrueOrRefused(damaged, known, asked);
    }
  },

  "an event that its adapter cannot read is a finding, and ends no verification": async (bench) => {
    await richHistory(bench, "d");
    const details = { id: "d", version: 4, reason: "its payload is no object" };
    const storage = wrapStorage(bench.storage, () => ({
      log: { read: () => Promise.reject(new CorruptEventError(details)) },
    }));
    const { ok, findings } = await bench.open({ storage }).verify("d");
    expect(ok).toBe(false);
    expect(findings).toMatchObject([{ kind: "event", version: 4 }]);
  },

  "a hole of a page or more is found like any other": async (bench) => {
    const known = await longHistory(bench, "d", 900);
    for (const [from, to] of [
      [256, 256],
      [257, 512],
      [250, 800],
      [513, 899],
    ] as const) {
      const damaged = tampered(bench, known, `${from} to ${to} are missing`, (all) =>
        all.filter(({ version }) => version < from || version > to),
      );
      const { findings } = await damaged.store.verify("d");
      expect(findings[0]).toMatchObject({ kind: "event", version: from });
      await expectTrueOrRefused(damaged, known, [1, from - 1, from, from + 1, to, to + 1, 900]);
    }
  },

  "a version that is there twice is found wherever it is in its page": async (bench) => {
    const known = await longHistory(bench, "d", 600);
    for (const version of [1, 255, 256, 257, 511, 512, 600]) {
      const damaged = tampered(bench, known, `${version} is there twice`, (all) => [
        ...all,
        ...all.slice(version - 1, version),
      ]);
      const { findings } = await damaged.store.verify("d");
      expect(findings).toMatchObject([{ kind: "doubled", version }]);
    }
  },

  "a snapshot neither hides what was changed after it, nor vouches for what was before": async (bench) => {
    const known = await longHistory(bench, "d", 600);
    for (const version of [1, 2, 100, 101, 299, 300, 301, 599, 600]) {
      for (const field of ["a value", "at later", "by", "hash"]) {
        const damaged = withField(bench, known, version, field);
        await expectTrueOrRefused(damaged, known, [1, 99, 100, 101, 298, 299, 300, 301, 302, 599, 600]);
      }
    }
  },

  "a write on a changed head is refused, or stores what is right on the true one": async (bench) => {
    const fields = Object.keys(eventChanges);
    const histories = await richHistories(
      bench,
      fields.map((field) => `d ${field}`),
    );
    for (const [i, { states, options }] of histories.entries()) {
      const field = fields[i] as string;
      const id = `d ${field}`;
      const storage = tamperedStorage(bench.storage, id, (all) => withChange(all, 9, field));
      const store = bench.open<Plain>({ ...options, storage });
      await Promise.allSettled([store.edit(id, "bob", (draft) => void Object.assign(draft, { more: 1 }))]);
      const now = await bench.open<Plain>(options).read(id);
      expect({ field, ok: (await bench.open(options).verify(id)).ok }).toEqual({ field, ok: true });
      expect(now?.state).toEqual(now?.version === 9 ? states[8] : { ...states[8], more: 1 });
    }
  },

  "going back to a damaged past is refused and stores nothing": async (bench) => {
    const known = await richHistory(bench, "d");
    const { store } = withField(bench, known, 2, "a value");
    await refused(store.revert("d", "bob", { version: 3 }), "corrupt_event");
    await refused(store.planRevert("d", { version: 3 }), "corrupt_event");
    expect(await eventsIn(bench.port, "d")).toHaveLength(9);
  },
});

function withField(bench: StoreBench, known: KnownHistory, version: number, field: string): Damaged {
  return tampered(bench, known, `${field} of ${version}`, (all) => withChange(all, version, field));
}

function tampered(bench: StoreBench, { options }: KnownHistory, what: string, tamper: Tamper): Damaged {
  const storage = tamperedStorage(bench.storage, "d", tamper);
  return { what, store: bench.open<Plain>({ ...options, storage, cache: { maxBytes: 0 } }) };
}

function swapped(all: Parameters<Tamper>[0], a: number, b: number): ReturnType<Tamper> {
  const turned = { [a]: b, [b]: a } as Record<number, number>;
  return all.map((one) => ({ ...one, version: turned[one.version] ?? one.version }));
}
