import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import type { Sources } from "./import-graph.ts";

const packages = join(import.meta.dirname, "../../..");

/** One package of the workspace as the import rule sees it. */
export interface WorkspacePackage {
  readonly name: string;
  readonly sources: Sources;
  /** The specifiers by which others may import it; none where it exports nothing. */
  readonly publicNames: readonly string[];
}

/** All folders of packages/, read from disk. */
export function workspace(): WorkspacePackage[] {
  return globSync("*/package.json", { cwd: packages }).sort().map(readPackage);
}

function readPackage(manifestPath: string): WorkspacePackage {
  const manifest: { name: string; exports?: Record<string, unknown> } = JSON.parse(
    readFileSync(join(packages, manifestPath), "utf8"),
  );
  const src = join(packages, manifestPath, "../src");
  const files = globSync("**/*.{ts,tsx,mts,cts,js,mjs,cjs}", { cwd: src });
  return {
    name: manifest.name,
    sources: new Map(files.map((file) => [file, readFileSync(join(src, file), "utf8")])),
    publicNames: Object.keys(manifest.exports ?? {}).map((path) => manifest.name + path.slice(1)),
  };
}
