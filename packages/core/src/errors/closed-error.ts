import { EverdraftError } from "./everdraft-error.ts";
import { type Failure, failureMessage } from "./failure.ts";

/**
 * The store or its storage was closed. Nothing was stored by this call.
 *
 * Of the details, `name` is the collection of a store, or the kind of a storage and its place; a failure stands in its
 * place where something beneath the storage was closed.
 */
export class ClosedError extends EverdraftError<
  | { readonly what: "store"; readonly name: string }
  | { readonly what: "storage"; readonly name: string; readonly remedy?: string }
  | ({ readonly what: "storage" } & Failure)
> {
  /** Always `"closed"`. */
  readonly code = "closed" as const;

  protected override messageOf(details: ClosedError["details"]): string {
    if ("operation" in details) return failureMessage(details);
    if (details.what === "store")
      return `The store of ${JSON.stringify(details.name)} was closed. Make a new one.`;
    const { name, remedy = "Make a new one." } = details;
    return `The ${name} was closed. ${remedy}`;
  }
}
