import type { Doc, Scene } from "./scene.ts";

/** The calls by which a whole state, or fields of one, come in. */
export type Way = "create" | "replace" | "edit";

/** All of them. */
export const ways: readonly Way[] = ["create", "replace", "edit"];

/** Hands a state (for `edit`: fields to set) in by one of the ways. */
export function handIn({ store }: Scene, way: Way, state: Doc): Promise<unknown> {
  switch (way) {
    case "create":
      return store.create("new", "bob", state);
    case "replace":
      return store.replace("d", "bob", state);
    case "edit":
      return store.edit("d", "bob", (draft) => {
        for (const key of Object.keys(state)) draft[key] = state[key];
      });
  }
}
