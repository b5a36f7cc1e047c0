import { type ErrorCode, EverdraftError, type Moment, type Store } from "@everdraft/core";
import { expect } from "vitest";

type Note = Record<string, unknown>;

/**
 * What a store without any memory answers about these versions of n-1, and about now; "refused" for an error, which names
 * the document unless it has one of the codes.
 */
export async function answers(
  store: Store<Note>,
  versions: readonly number[],
  nameless: readonly string[] = [],
): Promise<unknown[]> {
  const moments: (Moment | undefined)[] = [...versions.map((version) => ({ version })), undefined];
  return Promise.all(
    moments.map(async (moment) => {
      try {
        const found = await store.read("n-1", moment);
        return found && { ...found, sealed: undefined };
      } catch (error) {
        if (!(error instanceof EverdraftError)) throw error;
        if (nameless.includes(error.code)) return "refused";
        expect(error.details).toMatchObject({ id: "n-1" });
        expect(error.message).toContain("n-1");
        return "refused";
      }
    }),
  );
}

/** What verify says: damage is a finding, and only what nobody could judge ends it. */
export async function verdictOf(
  store: Store<Note>,
  nameless: readonly string[] = [],
): Promise<"whole" | "damaged" | "cannot be judged"> {
  try {
    return (await store.verify("n-1")).ok ? "whole" : "damaged";
  } catch (error) {
    const code: ErrorCode | undefined = error instanceof EverdraftError ? error.code : undefined;
    expect(["format_too_new", ...nameless]).toContain(code);
    return "cannot be judged";
  }
}
