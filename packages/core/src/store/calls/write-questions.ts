import type { CallOptions, PlanUndoOptions, UserId } from "../../context/options.ts";
import type { RevertPlan, UndoPlan } from "../../context/results.ts";
import type { Moment } from "../../model/moment.ts";
import type { State } from "../../value/state-types.ts";
import type { Resolved } from "../../write/resolve.ts";

/**
 * The questions about a write: its plan before, and its outcome after.
 *
 * @typeParam T a document's state
 * @typeParam Id the ids of documents
 */
export interface WriteQuestions<T extends object, Id = string> {
  /**
   * The change that a revert to this moment would store now, and the events that it would take back. Stores nothing.
   * Cost: the head and the view at once, and the events since the moment. Throws as `revert` does.
   *
   * @example
   * const { patches, takesBack } = await orders.planRevert("o-1", { version: 1 });
   */
  planRevert(id: Id, moment: Moment, options?: CallOptions): Promise<RevertPlan<Id>>;
  /**
   * The changes that an undo of this event would make now, and the places that later events touched. Stores nothing.
   * Throws as `undo` does, but never UndoConflictError.
   *
   * @example
   * const { changes, conflicts } = await orders.planUndo("o-1", { version: 2 });
   * for (const { path, event } of conflicts) console.log(path.join("."), "was changed by", event.by);
   */
  planUndo(id: Id, event: { readonly version: number }, options?: PlanUndoOptions): Promise<UndoPlan<Id>>;
  /**
   * The outcome of a write that ended with IndeterminateError. With `settle: user` an open one is closed for ever by a
   * blank event.
   *
   * @example
   * try {
   *   await orders.edit("o-1", "bob", (draft) => void (draft.status = "paid"));
   * } catch (error) {
   *   if (!isEverdraftError(error, "indeterminate")) throw error;
   *   const { outcome } = await orders.resolve("o-1", error.details, { settle: "bob" });
   *   console.log(outcome);
   * }
   */
  resolve(
    id: Id,
    write: { readonly eventId: string; readonly version: number },
    options?: CallOptions & { settle?: UserId<Id> },
  ): Promise<Resolved<State<T>, Id>>;
}
