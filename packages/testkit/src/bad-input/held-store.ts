import type { Scene } from "./scene.ts";

/** A store whose storage hangs at one kind of call until it is let go. */
export interface Held {
  readonly store: Scene["store"];
  /** Comes when the storage was called, and hangs. */
  readonly reached: Promise<void>;
  /** Ends the hanging: reads are answered, commits were lost on their way. */
  release(): void;
}

/** A cold store over a storage that hangs. A call that it does not answer it has not done either. */
export function heldStore(scene: Scene, at: "read" | "commit"): Held {
  let release: () => void = () => undefined;
  let reach: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const hang = (): Promise<void> => {
    reach();
    return released;
  };
  const store = scene.over(({ log, views }) =>
    at === "commit"
      ? {
          log: {
            commit: async (appends) => {
              await hang();
              return appends.map(() => ({ event: "unknown", cause: new Error("the connection is lost") }));
            },
          },
        }
      : {
          log: { head: (...given) => hang().then(() => log.head(...given)) },
          views: { get: (...given) => hang().then(() => views.get(...given)) },
        },
  );
  return { store, reached, release };
}
