import type { CheckpointStore } from "../port/checkpoint-store.ts";
import { compareKeys } from "../value/key-order.ts";
import type { PlainObject } from "../value/value.ts";

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
    swap: async (name, value) => {
      refuseClosed();
      const found = kept.get(name)?.revision;
      if ((typeof found === "number" ? found : 0) !== value.revision - 1) return false;
      kept.set(name, structuredClone(value));
      return true;
    },
    list: async (prefix, { after, limit }) => {
      refuseClosed();
      return [...kept]
        .map(([name, value]) => ({ name, value }))
        .filter(({ name }) => name.startsWith(prefix))
        .filter(({ name }) => after === undefined || compareKeys(name, after) > 0)
        .sort((a, b) => compareKeys(a.name, b.name))
        .slice(0, limit);
    },
    remove: async (name) => {
      refuseClosed();
      kept.delete(name);
    },
  };
}
