import { UsageError } from "../failure.ts";

/** A path of a state: a JSON list of steps, or steps with dots between; a number is an index where there is a list. */
export function pathIn(state: unknown, given: string): (string | number)[] {
  let value = state;
  return stepsOf(given).map((step) => {
    const isIndex = Array.isArray(value) && /^\d+$/.test(String(step));
    value = Object(value)[step];
    return isIndex ? Number(step) : step;
  });
}

/** The steps of a path as it was given, an index perhaps as a text. */
export function stepsOf(given: string): (string | number)[] {
  if (!given.startsWith("[")) return given.split(".");
  try {
    const steps: unknown = JSON.parse(given);
    if (Array.isArray(steps) && steps.every((step) => typeof step === "string" || typeof step === "number"))
      return steps;
  } catch {}
  throw new UsageError(`The path ${JSON.stringify(given)} is no JSON list of keys and indexes.`);
}
