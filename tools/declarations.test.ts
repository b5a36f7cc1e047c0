// Programs of users, compiled from the packages' declarations as they are published, by old and new versions of TypeScript.
import { execFile } from "node:child_process";
import { appendFile, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const home = join(import.meta.dirname, "declarations");
const run = promisify(execFile);
const takesLong = 240_000;

/** Which package of the folder is which version. */
const versions = {
  "5.4": "typescript-5.4",
  "5.9": "typescript-5.9",
  "6.0": "typescript-6.0",
  "7.0": "typescript",
};
type Version = keyof typeof versions;

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  target: "es2022",
  lib: ["es2022"],
};

/** Compiles a program in a package of its own beside the packages; gives its folder and the compiler's output. */
async function compile(
  version: Version,
  program: string,
  type: "module" | "commonjs",
  compilerOptions: Readonly<Record<string, unknown>>,
  added = "",
): Promise<{ folder: string; said: string }> {
  const folder = await mkdtemp(join(home, ".try-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await copyFile(join(home, program), join(folder, program));
  await appendFile(join(folder, program), added);
  await writeFile(join(folder, "package.json"), JSON.stringify({ type }));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...strict, ...compilerOptions }, files: [program] }),
  );
  const compiler = createRequire(join(home, "package.json")).resolve(`${versions[version]}/package.json`);
  const args = [join(dirname(compiler), "bin", "tsc"), "-p", folder, "--pretty", "false"];
  const { stdout } = await run(process.execPath, args, { cwd: folder }).catch((error) => error);
  return { folder, said: stdout };
}

/** The output of the compiled program, on this Node, without a warning. */
async function result(folder: string, load: string): Promise<unknown> {
  const script = `${load}.then(({ run }) => run()).then((given) => console.log(JSON.stringify(given)))`;
  const { stdout } = await run(process.execPath, ["-e", script], { cwd: folder });
  return JSON.parse(stdout);
}

const expected = {
  statuses: ["paid", "open"],
  open: ["o-1 is open"],
  skus: ["A"],
  total: 3,
  failures: 0,
  refused: "not_found",
};

test.each(Object.keys(versions) as Version[])(
  "TypeScript %s needs no types of Node's nor the DOM's, and finds nothing wrong in the declarations",
  { timeout: takesLong },
  async (version) => {
    const alone = { module: "nodenext", types: [], skipLibCheck: false };
    const { folder, said } = await compile(version, "program.ts", "module", alone);
    expect(said).toBe("");
    expect(await result(folder, 'import("./program.js")')).toEqual(expected);
  },
);

test.each(["5.4", "7.0"] as const)(
  "TypeScript %s finds nothing wrong with a bundler's way to find packages, beside MongoDB's driver",
  { timeout: takesLong },
  async (version) => {
    const bundled = { module: "esnext", moduleResolution: "bundler", noEmit: true, types: ["node"] };
    expect((await compile(version, "on-mongodb.ts", "module", bundled)).said).toBe("");
  },
);

test.each([
  ["5.4", { module: "commonjs", moduleResolution: "node10" }],
  ["5.9", { module: "node20" }],
  ["6.0", { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" }],
  ["7.0", { module: "nodenext" }],
] as const)(
  "TypeScript %s compiles to CommonJS with %o, and require() finds the packages",
  { timeout: takesLong },
  async (version, how) => {
    const { folder, said } = await compile(version, "program.ts", "commonjs", { ...how, types: [] });
    expect(said).toBe("");
    expect(await result(folder, 'Promise.resolve(require("./program.js"))')).toEqual(expected);
  },
);

test("an error in a program is seen", { timeout: takesLong }, async () => {
  const wrong = '\nimport type { Revision } from "@everdraft/core";\nexport const wrong: Revision = 5;\n';
  const { said } = await compile("7.0", "program.ts", "module", { module: "nodenext", types: [] }, wrong);
  expect(said).toContain("error TS");
});
