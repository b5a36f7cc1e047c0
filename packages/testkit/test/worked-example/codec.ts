import {
  ClosedError,
  decode,
  encode,
  type IdKind,
  numberId,
  stringId,
  type ValueTypes,
  valueTypes,
} from "@everdraft/core/adapter";

/** The kinds of id that the example takes. */
export const kinds: readonly IdKind[] = [numberId, stringId];

/** The value types beside the plain ones: none. */
export const types: ValueTypes = valueTypes([]);

/** How the parts of the example read and write lines, and how they refuse calls once it is closed. */
export interface Codec {
  /** The value of a line. */
  read<T>(line: Uint8Array): T;
  /** A value as a line. */
  write(value: unknown): Uint8Array;
  /** A method of the port, made of a synchronous function: rejects after the close. */
  open<A extends readonly unknown[], R>(act: (...given: A) => R | Promise<R>): (...given: A) => Promise<R>;
}

// #region codec
/** Lines are in the canonical encoding, which gives every value back exactly. */
export function codec(isClosed: () => boolean): Codec {
  return {
    read: <T>(line: Uint8Array) => decode(line, types) as T,
    write: (value) => encode(value, types),
    open:
      (act) =>
      async (...given) => {
        if (isClosed()) throw new ClosedError({ what: "storage", name: "line storage" });
        return act(...given);
      },
  };
}
// #endregion codec
