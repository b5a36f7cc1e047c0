import * as fc from "fast-check";
import { anyState, anyTopLevelKey, anyValue } from "../generators/any-value.ts";
import type { Act, Step } from "./life-model.ts";

/** An act some time after the one before, through one of several stores. */
export interface Turn {
  readonly act: Act;
  readonly by: string;
  /** How far the clock moves before, in milliseconds; also back. */
  readonly wait: number;
  /** Which of the stores does it. */
  readonly store: number;
}

/** The life of one document: mostly edits, all the rest now and then, and a clock that jumps about. */
export function anyLife(stores: number): fc.Arbitrary<Turn[]> {
  const turn = fc.record({
    act: anyAct(),
    by: fc.constantFrom("alice", "bob", "carol"),
    wait: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }) },
      { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
    ),
    store: fc.nat({ max: stores - 1 }),
  });
  return fc.array(turn, { minLength: 4, maxLength: 24, size: "max" });
}

function anyAct(): fc.Arbitrary<Act> {
  const back = fc.nat({ max: 8 });
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("create" as const), state: anyState() }) },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("edit" as const), steps: anySteps() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("replace" as const), state: anyState() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("delete" as const, "restore" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("revert" as const), back, byDate: fc.boolean() }),
    },
  );
}

function anySteps(): fc.Arbitrary<Step[]> {
  const [key, value] = [anyTopLevelKey(), anyValue()];
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ step: fc.constant("set" as const), key, value }),
    fc.record({ step: fc.constant("drop" as const), key }),
    fc.record({ step: fc.constantFrom("push" as const, "unshift" as const), value }),
    fc.record({ step: fc.constant("cut" as const), from: fc.nat({ max: 3 }), count: fc.nat({ max: 2 }) }),
    fc.record({ step: fc.constant("turn" as const) }),
  );
  return fc.array(step, { maxLength: 4 });
}
