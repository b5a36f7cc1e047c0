import { TooLargeError } from "@everdraft/core";
import { expect } from "vitest";
import { type RefusedRow, rowsOf } from "./row.ts";
import { firstState, type Scene } from "./scene.ts";
import { secret } from "./secret.ts";

const large = { text: secret.repeat(1_000) };

const event = {
  details: { what: "event", bytes: expect.any(Number), limit: 2_000 },
  remedy: /Store large parts elsewhere/,
};
const eventsOfTwoThousand = (scene: Scene) => scene.cold({ limits: { eventBytes: 2_000 } });
const state = {
  details: { what: "state", bytes: expect.any(Number), limit: 2_000 },
  remedy: /or in documents of their own/,
};
const statesOfTwoThousand = (scene: Scene) => scene.cold({ limits: { stateBytes: 2_000 } });

/** Events and states above the store's limits. */
export const sizeRows: readonly RefusedRow[] = rowsOf({ error: TooLargeError, code: "too_large" }, [
  {
    title: "a state that makes too large an event, through create",
    provoke: (scene) => eventsOfTwoThousand(scene).create("new", "bob", large),
    ...event,
  },
  {
    title: "a field that makes too large an event, through edit",
    provoke: (scene) => eventsOfTwoThousand(scene).edit("d", "bob", (draft) => Object.assign(draft, large)),
    ...event,
  },
  {
    title: "a reason that makes too large an event",
    provoke: (scene) => eventsOfTwoThousand(scene).delete("d", "bob", { reason: large.text }),
    ...event,
  },
  {
    title: "a meta that makes too large an event",
    provoke: (scene) => eventsOfTwoThousand(scene).delete("d", "bob", { meta: large }),
    ...event,
  },
  {
    title: "an import of too large an event",
    provoke: (scene) => {
      return eventsOfTwoThousand(scene).import([{ id: "new", at: new Date(5), by: "bob", state: large }]);
    },
    ...event,
  },
  {
    title: "too large a state, through create",
    provoke: (scene) => statesOfTwoThousand(scene).create("new", "bob", large),
    ...state,
  },
  {
    title: "too large a state, through replace",
    provoke: (scene) => statesOfTwoThousand(scene).replace("d", "bob", { ...firstState(), ...large }),
    ...state,
  },
  {
    title: "a small edit that makes the state too large",
    prepare: ({ store }) =>
      store.edit("d", "bob", (draft) => void Object.assign(draft, { text: secret.repeat(160) })),
    provoke: (scene) =>
      statesOfTwoThousand(scene).edit(
        "d",
        "bob",
        (draft) => void Object.assign(draft, { more: secret.repeat(20) }),
      ),
    ...state,
  },
]);
