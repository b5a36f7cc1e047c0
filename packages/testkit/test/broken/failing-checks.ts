import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { rendezvous } from "../../src/index.ts";
import type { Check, Section } from "../../src/sections/section.ts";

const isUpdate = process.env.UPDATE === "1";
const isWhole = isUpdate || process.env.EVERDRAFT_WHOLE === "1";

/** How a section and a check of it are named in a list. */
export function nameOf(section: { readonly name: string }, { title }: { readonly title: string }): string {
  return `${section.name}: ${title}`;
}

/**
 * The kept list of the checks that each broken storage fails, of all sections or of those that are there to notice. A
 * test compares it: exactly with its own sections where the list is of all, else the listed checks alone, which all have to
 * fail. EVERDRAFT_WHOLE=1 compares the whole list exactly; UPDATE=1 writes it anew.
 */
export function failingChecks<B>(
  file: string,
  sections: readonly Section<B>[],
  listed: "all sections" | "own sections",
) {
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
  const current = (): Record<string, string[]> => (isUpdate ? failed : kept);

  return {
    /** The storages that the list names. */
    storages: (): string[] => Object.keys(current()).toSorted(),

    /** The names of the checks that at least one broken storage fails. */
    checks: (): ReadonlySet<string> => new Set(Object.values(current()).flat()),

    /** Runs checks on a storage, each on a fresh one: those that fail must be the listed ones. */
    async compare(own: readonly string[], storage: string, run: (check: Check<B>) => Promise<void>) {
      const isOwn = (name: string): boolean => own.some((section) => name.startsWith(`${section}: `));
      const isOfAll = isWhole && listed === "all sections";
      const wanted = (kept[storage] ?? []).filter((name) => isOfAll || isOwn(name));
      const isExact = isWhole || listed === "all sections";
      const found: string[] = [];
      for (const section of sections.filter(({ name }) => isOfAll || own.includes(name))) {
        for (const check of section.checks) {
          const name = nameOf(section, check);
          if ((isExact || wanted.includes(name)) && (await fails(() => run(check)))) found.push(name);
        }
      }
      failed[storage] = found;
      // each section that is named has to notice
      for (const section of own)
        expect(
          found.filter((name) => name.startsWith(`${section}: `)),
          section,
        ).not.toEqual([]);
      if (!isUpdate) expect(found).toEqual(wanted);
    },
  };
}

async function fails(run: () => Promise<void>): Promise<boolean> {
  const [raced] = await rendezvous([run]);
  return raced !== undefined && "error" in raced;
}
