import { type CheckedFilter, positionOf, type Sort, type View } from "@everdraft/core/adapter";
import { checkFilter } from "@everdraft/core/internals";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { type Bench, call, endless, type PortSection, writeView } from "./bench.ts";
import { findData } from "./find-data.ts";
import { section } from "./section.ts";

/**
 * By the least element of arrays: nothing, null, numbers, texts, objects, arrays in arrays, bytes, booleans,
 * dates; equal ones by id.
 */
const ascending = [
  ...[
    "empty",
    "listNull",
    "missing",
    "null",
    "nan",
    "minus1",
    "list03",
    "zero",
    "list1",
    "list12",
    "one",
    "twoHalf",
    "infinity",
  ],
  ...["textEmpty", "text1", "textB", "listText", "textA", "textLines", "textBmp", "textAstral"],
  ...["object", "listList1", "bytes1", "bytes12", "false", "true", "date1", "date2"],
];
/** By the greatest element of arrays; equal ones by id, which is always ascending. */
const descending = [
  ...["date2", "date1", "true", "false", "bytes12", "bytes1", "listList1", "object"],
  ...["textAstral", "textBmp", "listText", "textLines", "textA", "textB", "text1", "textEmpty"],
  ...[
    "infinity",
    "list03",
    "twoHalf",
    "list12",
    "list1",
    "one",
    "zero",
    "minus1",
    "nan",
    "listNull",
    "missing",
    "null",
    "empty",
  ],
];

/** People with ties, gaps and lists, for sorts by several fields. */
const people: Readonly<Record<string, object>> = {
  p1: { age: 30, name: "Ann", pets: [{ n: 3 }, { n: 1 }] },
  p2: { age: 25, name: "Bob", pets: [] },
  p3: { age: 30, name: "Ann" },
  p4: { name: "Cid", pets: [{ n: 2 }] },
  p5: { age: 25, name: "Ann", pets: { n: 5 } },
  p6: { age: null, name: "Bob" },
  p7: { age: 30, name: "Bob", pets: [{ n: 2 }, {}] },
};

/** How finds are sorted and paged. */
export const sort: PortSection = section("sorts", {
  "sorts every kind of value, ascending": async (bench) => {
    await withValues(bench);
    expect(await whole(bench, [["v", 1]])).toEqual(ascending);
  },

  "sorts every kind of value, descending": async (bench) => {
    await withValues(bench);
    expect(await whole(bench, [["v", -1]])).toEqual(descending);
  },

  "sorts by several fields, each in its direction, and equal documents by id": async (bench) => {
    await withPeople(bench);
    expect(
      await whole(bench, [
        ["age", 1],
        ["name", 1],
      ]),
    ).toEqual(["p6", "p4", "p5", "p2", "p1", "p3", "p7"]);
    expect(
      await whole(bench, [
        ["age", -1],
        ["name", 1],
      ]),
    ).toEqual(["p1", "p3", "p7", "p5", "p2", "p6", "p4"]);
    expect(
      await whole(bench, [
        ["name", -1],
        ["age", 1],
      ]),
    ).toEqual(["p4", "p6", "p2", "p7", "p5", "p1", "p3"]);
    expect(await whole(bench, [["unknown", -1]])).toEqual(["p1", "p2", "p3", "p4", "p5", "p6", "p7"]);
  },

  "sorts by a path through arrays, by the least or the greatest value there": async (bench) => {
    await withPeople(bench);
    const filter = checkFilter({ "pets.n": { $exists: true }, _id: { $ne: "p7" } }, bench.types);
    expect(await whole(bench, [["pets.n", 1]], filter)).toEqual(["p1", "p4", "p5"]);
    expect(await whole(bench, [["pets.n", -1]], filter)).toEqual(["p5", "p1", "p4"]);
  },

  "sorts by the id, in both directions": async (bench) => {
    await withPeople(bench);
    expect(await whole(bench, [["_id", -1]])).toEqual(["p7", "p6", "p5", "p4", "p3", "p2", "p1"]);
    expect(await whole(bench, [["_id", 1]])).toEqual(["p1", "p2", "p3", "p4", "p5", "p6", "p7"]);
  },

  "pages through every kind of value without a gap or a double": async (bench) => {
    await withValues(bench);
    await expectSamePaged(bench, [["v", 1]], {});
    await expectSamePaged(bench, [["v", -1]], {});
    await expectSamePaged(
      bench,
      [
        ["w", -1],
        ["v", 1],
      ],
      {},
    );
    await expectSamePaged(bench, [["v", 1]], { v: { $gte: 0 } });
  },

  "pages through ties and gaps of several fields without a gap or a double": async (bench) => {
    await withPeople(bench);
    await expectSamePaged(
      bench,
      [
        ["age", 1],
        ["name", 1],
      ],
      {},
    );
    await expectSamePaged(
      bench,
      [
        ["age", -1],
        ["name", 1],
      ],
      {},
    );
    await expectSamePaged(
      bench,
      [
        ["age", -1],
        ["name", -1],
      ],
      {},
    );
    await expectSamePaged(bench, [["name", 1]], { age: { $exists: true } });
    await expectSamePaged(bench, [["pets.n", 1]], { _id: { $in: ["p1", "p4", "p5"] } });
    await expectSamePaged(bench, [["unknown", 1]], {});
    await expectSamePaged(bench, [["_id", -1]], {});
  },

  "pages in the order of ids where no sort is asked for": async (bench) => {
    await withPeople(bench);
    await expectSamePaged(bench, [], {});
    await expectSamePaged(bench, [], { name: "Ann" });
  },
});

async function withValues(bench: Bench): Promise<void> {
  await withViews(bench, Object.fromEntries(ascending.map((id) => [id, findData[id] ?? {}])));
}

async function withPeople(bench: Bench): Promise<void> {
  await withViews(bench, people);
}

async function withViews(bench: Bench, states: Readonly<Record<string, object>>): Promise<void> {
  const views = Object.entries(states).map(([doc, state]) =>
    viewAfter(eventOf({ doc }), { ...state }, bench.types),
  );
  await Promise.all(views.map((view) => writeView(bench, view)));
}

async function whole(bench: Bench, order: Sort, filter: CheckedFilter = {}): Promise<unknown[]> {
  return (await bench.views.find({ filter, sort: order, limit: 1000 }, call)).map(({ id }) => id);
}

async function expectSamePaged(bench: Bench, order: Sort, given: object): Promise<void> {
  const filter = checkFilter(given, bench.types);
  const wanted = await whole(bench, order, filter);
  expect(wanted.length).toBeGreaterThan(2);
  for (const limit of [1, 2, 3, wanted.length - 1, wanted.length]) {
    const found: View[] = [];
    for (;;) {
      const last = found.at(-1);
      const after = last === undefined ? {} : { after: positionOf(last, order) };
      const page = await bench.views.find({ filter, sort: order, limit, ...after }, call);
      found.push(...page);
      expect(found.length, endless).toBeLessThanOrEqual(wanted.length);
      if (page.length < limit) break;
    }
    expect(found.map(({ id }) => id)).toEqual(wanted);
  }
}
