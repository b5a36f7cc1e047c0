import type { Storage } from "@everdraft/core/adapter";
import { wrapStorage } from "./wrap-storage.ts";

/** A storage in which a commit can be held up on its way. */
export interface Held {
  readonly storage: Storage<string>;
  /** Lets the next commit wait; resolves when it is there. */
  holdNext(): Promise<void>;
  /** Lets it go on. */
  release(): void;
}

/** Wraps a storage so that its next commit can be held up. */
export function holding(storage: Storage<string>): Held {
  let gate: { readonly open: Promise<void>; readonly arrived: () => void } | undefined;
  let release: () => void = () => undefined;
  return {
    storage: wrapStorage(storage, ({ log }) => ({
      log: {
        async commit(appends, kind, call) {
          const waiting = gate;
          gate = undefined;
          waiting?.arrived();
          await waiting?.open;
          return log.commit(appends, kind, call);
        },
      },
    })),
    holdNext: () =>
      new Promise((arrived) => {
        const open = new Promise<void>((resolve) => {
          release = resolve;
        });
        gate = { open, arrived };
      }),
    release: () => release(),
  };
}
