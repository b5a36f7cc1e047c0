import { UsageError } from "../failure.ts";
import { type Options, text } from "./command.ts";

/** An option that is a whole number from 1. Throws UsageError. */
export function wholeNumber(options: Options, name: string): number | undefined {
  const given = text(options, name);
  if (given === undefined) return undefined;
  const number = Number(given);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new UsageError(`--${dashed(name)} takes a whole number from 1, not ${JSON.stringify(given)}.`);
}

/** How long work is cut into ranges. Throws UsageError. */
export function ranges(options: Options): { concurrency?: number; rangeSize?: number } {
  const [concurrency, rangeSize] = [wholeNumber(options, "concurrency"), wholeNumber(options, "rangeSize")];
  return { ...(concurrency !== undefined && { concurrency }), ...(rangeSize !== undefined && { rangeSize }) };
}

/** An option without which a command cannot be. Throws UsageError. */
export function needed(options: Options, name: string, what: string): string {
  const given = text(options, name);
  if (given !== undefined && given !== "") return given;
  throw new UsageError(`--${dashed(name)} is missing: ${what}.`);
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
