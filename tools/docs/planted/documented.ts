// The same names as in undocumented.ts, each with its comment: the check must be green.

/** A constant. */
export const constant = 1;

/** A function. */
export function call(): void {}

/** A type. */
export type Alias = string;

/** An interface. */
export interface Shape {
  /** A property. */
  readonly property: string;
  /** A method. */
  method(): void;
}

/** A class. */
export class PlantedError extends Error {
  /** A field. */
  readonly code: string = "PLANTED";
  /** An accessor. */
  get accessor(): string {
    return this.code;
  }
}

/** An object type of its own. */
export type Options = {
  /** A member. */
  readonly member?: string;
};
