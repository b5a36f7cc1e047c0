import { UsageError } from "../failure.ts";
import { type Options, text } from "./command.ts";

/** An option that is a whole number from 1. Throws UsageError. */
export function wholeNumber(options: Options, name: string): number | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new UsageError(`--${dashed(name)} takes a whole number from 1, not ${JSON.stringify(value)}.`);
}

/** How long work is cut into ranges. Throws UsageError. */
export function ranges(options: Options): { concurrency?: number; rangeSize?: number } {
  const [concurrency, rangeSize] = [wholeNumber(options, "concurrency"), wholeNumber(options, "rangeSize")];
  return { ...(concurrency !== undefined && { concurrency }), ...(rangeSize !== undefined && { rangeSize }) };
}

/** An option without which a command cannot be. Throws UsageError. */
export function needed(options: Options, name: string, what: string): string {
  const value = text(options, name);
  if (value !== undefined && value !== "") return value;
  throw new UsageError(`--${dashed(name)} is missing: ${what}.`);
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
