// node ../../tools/bundle.mjs, in the folder of a package, before it is packed: bundles each entry of `publishConfig.exports`
// into bundle/, with the code that entries share, or load when it is first used, in files of its own. A program that
// imports a package then loads a few files instead of some two hundred. Dependencies stay outside.
import { readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const { name, publishConfig } = JSON.parse(readFileSync("package.json", "utf8"));
const entries = Object.values(publishConfig.exports)
  .map((entry) => entry.default)
  .filter((file) => file !== undefined);
const outside = entries.filter((file) => !file.startsWith("./bundle/"));
if (outside.length > 0) throw new Error(`${name}: ${outside.join(", ")} is not in bundle/`);

rmSync("bundle", { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: Object.fromEntries(
    Object.values(publishConfig.exports)
      .filter((entry) => entry.default !== undefined)
      .map(({ types, default: file }) => [
        basename(file, ".js"),
        types.replace("./dist/", "dist/").replace(/\.d\.ts$/, ".js"),
      ]),
  ),
  outdir: "bundle",
  bundle: true,
  splitting: true,
  chunkNames: "shared/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "linked",
  // the sources are in the package, beside the declarations
  sourcesContent: false,
  metafile: true,
});
const written = Object.entries(metafile.outputs).filter(([file]) => file.endsWith(".js"));
const bytes = written.reduce((sum, [, { bytes }]) => sum + bytes, 0);
console.log(`${name}: ${written.length} files, ${Math.round(bytes / 1024)} KB`);
