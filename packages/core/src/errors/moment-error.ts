import { EverdraftError } from "./everdraft-error.ts";

/**
 * A moment is neither a valid Date nor `{ version }` with a whole number from 1. Nothing was read.
 *
 * In the details, `expected` names the values that the place takes: any moment, or dates alone.
 */
export class MomentError extends EverdraftError<{
  readonly reason: string;
  readonly expected: "moment" | "date";
}> {
  /** Always `"moment"`. */
  readonly code = "moment" as const;

  protected override messageOf({ reason, expected }: MomentError["details"]): string {
    const forms = expected === "date" ? "a valid Date" : "a valid Date or { version: n }";
    return `This is no ${expected}: ${reason}. Give ${forms}.`;
  }
}
