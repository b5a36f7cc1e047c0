import {
  ConstraintError,
  EverdraftError,
  StorageBusyError,
  StorageCorruptError,
  StorageFullError,
  StorageReadOnlyError,
  StorageReplacedError,
} from "@everdraft/core/adapter";
import { TakenAway } from "../file/file-guard.ts";
import { type Kind, reasonOf, translationOf } from "./result-codes.ts";

/** The attempt that a message names. */
export interface Attempted {
  /** The operation, as it follows "could not": "store events". */
  readonly operation: string;
  /** The file. */
  readonly path: string;
}

/** The errors after which surely nothing of a transaction was stored. */
const certain: readonly Kind[] = [
  StorageBusyError,
  StorageFullError,
  StorageReadOnlyError,
  StorageCorruptError,
  ConstraintError,
];

/**
 * The library's error for an error of the engine; errors of the library are given back as they are. The engine's error is
 * kept as `cause`.
 */
export function translateError(thrown: unknown, { operation, path }: Attempted): Error {
  if (thrown instanceof EverdraftError) return thrown;
  if (thrown instanceof TakenAway) return replaced(thrown, { operation, path });
  const [Translated, remedy] = translationOf(thrown, path);
  const where = `in ${JSON.stringify(path)}`;
  return new Translated(
    { operation, id: undefined, where, reason: reasonOf(thrown), remedy },
    { cause: thrown },
  );
}

/** Whether after this (translated) error of a transaction surely nothing of it was stored. */
export function storedNothing(error: unknown): error is Error {
  if (error instanceof StorageReplacedError) return !error.details.inDoubt;
  return certain.some((kind) => error instanceof kind);
}

function replaced({ message: found, inDoubt }: TakenAway, { operation, path }: Attempted): Error {
  return new StorageReplacedError({
    operation,
    where: `in ${JSON.stringify(path)}`,
    reason: found,
    remedy:
      "Somebody removed or replaced it while it was open, or another SQLite library in this process opened the file and closed it. Find out who; then make a new storage, and let verify look at the file.",
    inDoubt,
  });
}
