import { EverdraftError } from "./everdraft-error.ts";

/** An option that a call does not have. */
type Unknown = {
  readonly option: string;
  readonly reason: string;
  readonly call: string;
  readonly known: readonly string[];
  readonly nearest?: string;
};

/** An option whose value is not of its form. */
type Wrong = {
  readonly option: string;
  readonly reason: string;
  readonly remedy?: string;
  readonly nearest?: undefined;
};

const longest = 60;

/**
 * An option of a call, of `createStore` or of a storage is unknown, or not of the documented form. Nothing was read or stored.
 *
 * Of the details, `nearest` is the option that was meant, perhaps, in the place of an unknown one; `call` then has all
 * that are `known`.
 */
export class OptionsError extends EverdraftError<Unknown | Wrong> {
  /** Always `"options"`. */
  readonly code = "options" as const;

  protected override messageOf(details: Unknown | Wrong): string {
    if ("call" in details) return unknownMessage(details);
    const { option, reason, remedy } = details;
    return `The option ${option} is wrong: ${reason}.${remedy === undefined ? "" : ` ${remedy}`}`;
  }
}

function unknownMessage({ option, call, known, nearest }: Unknown): string {
  const meant = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  const all = known.length === 0 ? "It takes none." : `It takes ${known.join(", ")}.`;
  return `${call} has no option ${shown(option)}.${meant} ${all}`;
}

function shown(option: string): string {
  if (/^\w+$/.test(option) && option.length <= longest) return option;
  return JSON.stringify(option.length <= longest ? option : `${option.slice(0, longest)}…`);
}
