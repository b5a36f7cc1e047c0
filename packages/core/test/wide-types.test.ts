// How much work the compiler has with wide and deep states, in instantiations of types: seconds depend on the machine.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const compiler = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin",
  "tsc",
);
const core = join(import.meta.dirname, "../dist/index.js");
let folder: string;
// seconds, on a machine with nothing else to do
vi.setConfig({ testTimeout: 120_000 });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wide-types-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the compiler says of a program, and how many types it instantiated for it. */
async function compile(name: string, source: string): Promise<{ errors: string[]; instantiations: number }> {
  const file = join(folder, `${name}.mts`);
  await writeFile(file, source);
  const options = [
    "--noEmit",
    "--strict",
    "--extendedDiagnostics",
    "--singleThreaded",
    "--ignoreConfig",
    "--lib",
    "es2023",
  ];
  const args = [compiler, ...options, "--module", "nodenext", "--target", "es2023", "--types", "", file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch(
    (error) => error,
  );
  const count = /^Instantiations:\s+(\d+)$/m.exec(stdout)?.[1];
  return { errors: stdout.match(/^.*error TS.*$/gm) ?? [], instantiations: Number(count) };
}

/** States that are so many fields wide and so many levels deep, of which some fields, or lists of them, lead to the next level. */
function levels(wide: number, deep: number, holding: number, listed = 0): string {
  const kinds = ["string", "number", "Date", '"a" | "b"'];
  const level = (n: number): string => {
    const fields = Array.from({ length: wide }, (_, i) => {
      const below = `L${n + 1}${i < listed ? "[]" : ""}`;
      return `f${i}: ${n < deep && i < holding ? below : kinds[i % kinds.length]}`;
    });
    return `interface L${n} { ${fields.join("; ")} }`;
  };
  return Array.from({ length: deep }, (_, i) => level(i + 1)).join("\n");
}

/** A program that makes use of a store of such states; what must be refused is expected to be, where `told` paths are so deep. */
function program(types: string, deep: number, told = deep): string {
  const path = (steps: number): string => "f0.".repeat(steps);
  return `import type { State, Store } from ${JSON.stringify(core)};
${types}
declare const store: Store<L1>;
export async function use(known: State<L1>): Promise<void> {
  await store.create("a", "alice", known);
  await store.edit("a", "alice", (draft) => { draft.f23 = draft.f23; });
  for await (const { state } of store.find({ "${path(deep - 1)}f1": { $gt: 1 } }, { sort: { "${path(deep - 1)}f2": 1 } }))
    await store.replace("a", "alice", state);
  await store.find({ f22: { $exists: true }, $or: [{ "${path(deep - 1)}f3": "a" }] }, { select: ["f23"] }).toArray();
  // @ts-expect-error no such field
  await store.count({ "${path(told - 1)}other": 1 });
  // @ts-expect-error no such value
  await store.count({ "${path(told - 1)}f${told === deep ? 3 : 23}": "c" });
}
`;
}

test.each([
  ["one field in 24 leads deeper, four levels deep", levels(24, 4, 1), 4, 45_000],
  ["six of 24 do", levels(24, 4, 6), 4, 60_000],
  ["six of 24 are lists of the next level", levels(24, 4, 6, 6), 4, 140_000],
  ["all of 24 do, three levels deep", levels(24, 3, 24), 3, 60_000],
] as const)("%s: refused as exactly, at bounded cost", async (title, types, deep, limit) => {
  const { errors, instantiations } = await compile("wide", program(types, deep));
  expect({ title, errors }).toEqual({ title, errors: [] });
  expect(instantiations).toBeLessThan(limit);
});

test("where 331,776 paths are possible, all compile, and three levels are told apart", async () => {
  const { errors, instantiations } = await compile("widest", program(levels(24, 4, 24), 4, 3));
  expect(errors).toEqual([]);
  expect(instantiations).toBeLessThan(120_000);
});

test("an error is seen where there is one", async () => {
  const { errors } = await compile("wrong", `${program(levels(24, 2, 1), 2)}\nstore.count({ f99: 1 });`);
  expect(errors).toEqual([expect.stringContaining("'f99' does not exist in type")]);
});
