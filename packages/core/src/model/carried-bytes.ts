import { Itself } from "../value/seal.ts";

/*
 * Objects that carry the bytes they were made of, or that were made of them, so that these are made once. The bytes lie in a
 * private field: no copy of an object takes them over, and nobody else can set them.
 */

class Carrier extends Itself {
  #bytes: Uint8Array | undefined;

  constructor(object: object, bytes: Uint8Array) {
    super(object);
    this.#bytes = bytes;
  }

  static bytesOf(object: object): Uint8Array | undefined {
    return #bytes in object ? object.#bytes : undefined;
  }

  static drop(object: object): void {
    if (#bytes in object) object.#bytes = undefined;
  }
}

/** Lets an object carry bytes. Once for each object, and before it is frozen. */
export function carryBytes<O extends object>(object: O, bytes: Uint8Array): O {
  new Carrier(object, bytes);
  return object;
}

/** The bytes that an object carries. */
export function carriedBytes(object: object): Uint8Array | undefined {
  return Carrier.bytesOf(object);
}

/** Lets go of the bytes of an object that is kept for longer. */
export function dropBytes(object: object): void {
  Carrier.drop(object);
}
