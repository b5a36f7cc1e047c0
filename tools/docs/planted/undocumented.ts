// Names without a doc comment, one of each kind: planted.mjs shows that the check finds every one.

export const constant = 1;

export function call(): void {}

export type Alias = string;

export interface Shape {
  readonly property: string;
  method(): void;
}

export class PlantedError extends Error {
  readonly code: string = "PLANTED";
  get accessor(): string {
    return this.code;
  }
}

export type Options = {
  readonly member?: string;
};
