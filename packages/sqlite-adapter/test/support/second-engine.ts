import { cpSync, mkdtempSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { EngineConnection } from "../../src/engine/engine.ts";

/** An SQLite library. */
type Library = { readonly DatabaseSync: new (path: string) => EngineConnection };

/**
 * An SQLite library beside that of the adapter, as a program has one that comes with another package, or twice the
 * same: it does not know of the adapter's locks. A loaded library stays in the process, so its folder stays until the
 * end.
 */
function secondEngine(): Library {
  const folder = mkdtempSync(join(tmpdir(), "everdraft-second-"));
  const copied = (name: string, from: string, parts: readonly string[]): string => {
    const original = realpathSync(dirname(createRequire(from).resolve(`${name}/package.json`)));
    const copy = join(folder, "node_modules", name);
    for (const part of parts) cpSync(join(original, part), join(copy, part), { recursive: true });
    return original;
  };
  const binaries = join("prebuilds", `${process.platform}-${process.arch}`);
  const original = copied("@photostructure/sqlite", import.meta.url, ["package.json", "dist", binaries]);
  copied("node-gyp-build", join(original, "package.json"), ["."]);
  return createRequire(join(folder, "package.json"))("@photostructure/sqlite");
}

/** Node's own library where it is there and the adapter does not use it; else the second copy. */
export function otherLibraries(
  adapters: string,
): readonly (readonly [name: string, library: () => Library])[] {
  const own: unknown = adapters === "node:sqlite" ? undefined : process.getBuiltinModule("node:sqlite");
  return [
    ["a second copy of a package", secondEngine],
    ...(own === undefined ? [] : ([["node:sqlite", () => own as Library]] as const)),
  ];
}
