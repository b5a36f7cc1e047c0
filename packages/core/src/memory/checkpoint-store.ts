import type { PlainObject } from "../model/value.ts";
import type { CheckpointStore } from "../port/checkpoint-store.ts";

/** The checkpoints in memory. */
export function memoryCheckpoints(refuseClosed: () => void): CheckpointStore {
  const kept = new Map<string, PlainObject>();
  return {
    get: async (name) => {
      refuseClosed();
      return kept.get(name);
    },
    put: async (name, value) => {
      refuseClosed();
      kept.set(name, structuredClone(value));
    },
  };
}
