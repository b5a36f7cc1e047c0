import { EverdraftError } from "./everdraft-error.ts";

/**
 * The user's id is missing or not one that the storage takes. Every write names its user. Nothing was
 * stored.
 */
export class UserError extends EverdraftError<{ readonly reason: string }> {
  /** Always `"user"`. */
  readonly code = "user" as const;

  protected override messageOf({ reason }: UserError["details"]): string {
    return `This is no user's id: ${reason}. Every write names who does it.`;
  }
}
