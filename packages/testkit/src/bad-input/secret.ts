import { inspect } from "node:util";
import { EverdraftError } from "@everdraft/core";
import { expect } from "vitest";

/** Stands in every value of every document and of every bad argument. No message may say it. */
export const secret = "SECRET-4711";

/** Insists that neither the message nor the details of an error, nor of one of the library's beneath it, say a value. */
export function expectNoValues(error: EverdraftError): void {
  for (let one: unknown = error; one instanceof EverdraftError; one = one.cause) {
    expect(one.message).not.toContain(secret);
    expect(JSON.stringify(one.details)).not.toContain(secret);
    expect(inspect(one.details, { depth: 9 })).not.toContain(secret);
  }
}
