import { EverdraftError } from "./everdraft-error.ts";

/**
 * The storage engine is a version with known data loss. Nothing was opened.
 */
export class StorageOutdatedError extends EverdraftError<{
  readonly engine: string;
  readonly found: string;
  readonly needed: string;
  readonly reason: string;
  readonly remedy: string;
}> {
  /** Always `"storage_outdated"`. */
  readonly code = "storage_outdated" as const;

  protected override messageOf({
    engine,
    found,
    needed,
    reason,
    remedy,
  }: StorageOutdatedError["details"]): string {
    return `${engine} ${needed} or later is needed, and ${found} was found: ${reason}. ${remedy}`;
  }
}
