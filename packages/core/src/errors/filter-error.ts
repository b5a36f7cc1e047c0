import { EverdraftError } from "./everdraft-error.ts";

/**
 * A filter, sort or selection uses something outside the subset that every storage answers alike. Nothing
 * was read.
 *
 * Of the details, `part` is the part of the question that is outside the subset.
 */
export class FilterError extends EverdraftError<{
  readonly path: string;
  readonly reason: string;
  readonly part: "filter" | "sort" | "selection";
}> {
  /** Always `"filter"`. */
  readonly code = "filter" as const;

  protected override messageOf({ path, reason, part }: FilterError["details"]): string {
    const place = path === "" ? "" : `at ${JSON.stringify(path)}, `;
    return `This ${part} cannot be used: ${place}${reason}. docs/filters.md lists what every storage answers alike.`;
  }
}
