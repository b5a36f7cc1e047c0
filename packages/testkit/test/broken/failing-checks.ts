import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { rendezvous } from "../../src/index.ts";

interface Sections<C> {
  readonly name: string;
  readonly checks: readonly (C & { readonly title: string })[];
}

const isUpdate = process.env.UPDATE === "1";

/**
 * The kept list of the checks that each broken storage fails. A test compares the section that is there to
 * notice with it, exactly; where the list is of all sections, EVERDRAFT_WHOLE=1 compares all of them. UPDATE=1
 * writes the list anew.
 */
export function failingChecks<C>(
  file: string,
  sections: readonly Sections<C>[],
  listed: "all sections" | "own section",
) {
  const isWhole = listed === "all sections" && (isUpdate || process.env.EVERDRAFT_WHOLE === "1");
  const path = new URL(file, import.meta.url);
  const kept: Record<string, string[]> = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const failed: Record<string, string[]> = {};
  beforeAll(() => {
    // the luck of random values must not change from run to run
    vi.stubEnv("SEED", "1").stubEnv("RUNS", "");
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    if (isUpdate) writeFileSync(path, `${JSON.stringify(failed, null, 2)}\n`);
  });

  return {
    /** The storages that the list names. */
    storages: (): string[] => Object.keys(isUpdate ? failed : kept).toSorted(),

    /** Runs checks on a storage, each on a fresh one: those that fail must be the listed ones. */
    async compare(section: string, storage: string, run: (check: C) => Promise<void>): Promise<void> {
      const found: string[] = [];
      for (const { name, checks } of sections.filter(({ name }) => isWhole || name === section)) {
        for (const check of checks) {
          const [raced] = await rendezvous([() => run(check)]);
          if (raced !== undefined && "error" in raced) found.push(`${name}: ${check.title}`);
        }
      }
      failed[storage] = found;
      const isOwn = (title: string): boolean => title.startsWith(`${section}: `);
      expect(found.filter(isOwn)).not.toEqual([]);
      if (!isUpdate) expect(found).toEqual(kept[storage]?.filter((title) => isWhole || isOwn(title)));
    },
  };
}
