import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

/**
 * An idempotency key was used before for another act (another user, call, state or moment). Nothing was
 * stored by this call.
 */
export class KeyReusedError extends EverdraftError<{
  readonly id: unknown;
  readonly eventId: string;
  readonly version: number;
  readonly type: string;
  readonly by: unknown;
}> {
  /** Always `"key_reused"`. */
  readonly code = "key_reused" as const;

  protected override messageOf({ id, version, type, by }: KeyReusedError["details"]): string {
    return `The key given for document ${showId(id)} was used before for another act: version ${version}, ${type} by ${showId(by)}. Use a new key for each act.`;
  }
}
