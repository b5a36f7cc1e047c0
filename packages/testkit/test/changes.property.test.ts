// A list of changes says all that differs between two states: the later state can be made from the earlier one and the list.
import { changesBetween } from "@everdraft/core/changes";
import { followElements, normalise } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { anyState, difference, plainTypes } from "../src/index.ts";
import { oracleApply } from "../src/oracle/oracle-apply.ts";
import { oracleFollow } from "../src/oracle/oracle-follow.ts";
import { prove } from "./prove.ts";

vi.setConfig({ testTimeout: 600_000 });

const state = anyState().map((value) => normalise(value, plainTypes) as object);

test("the changes between any two states, applied to the earlier one, give the later one", () => {
  prove(
    fc.property(state, state, (before, after) => {
      expect(
        difference(oracleApply(before, changesBetween(before, after)), after, plainTypes),
      ).toBeUndefined();
      expect(changesBetween(before, before)).toEqual([]);
    }),
    1000,
  );
});

const element = fc.oneof(
  fc.constantFrom<unknown>("a", "b", 1, null, [], [1]),
  fc.record({ id: fc.constantFrom("x", "y", "z"), n: fc.nat({ max: 1 }) }),
  fc.record({ key: fc.constantFrom("x", "y"), n: fc.nat({ max: 1 }) }),
  fc.record({ n: fc.nat({ max: 2 }) }),
);
const list = fc
  .array(element, { maxLength: 9, size: "max" })
  .map((value) => normalise(value, plainTypes) as unknown[]);

test("each element of any list is followed to where the rules say, and the list of changes is whole", () => {
  prove(
    fc.property(list, list, (before, after) => {
      const { from, removed } = followElements(before, after, plainTypes);
      const expected = oracleFollow(before, after);
      expect([...from]).toEqual(expected);
      expect(removed).toEqual([...before.keys()].filter((i) => !expected.includes(i)));
      const changes = changesBetween({ list: before }, { list: after });
      expect(oracleApply({ list: before }, changes)).toEqual({ list: after });
    }),
    3000,
  );
});
