// #region build
import { build } from "esbuild";

// the engine is native code, which no bundle can hold: it stays outside. Node takes its own SQLite where that is new
// enough, and looks for the package from the bundle's folder where it is not
const common = {
  entryPoints: ["src/main.ts"],
  bundle: true,
  platform: "node",
  target: "node20.19",
  external: ["@photostructure/sqlite"],
};
await build({ ...common, format: "esm", outfile: "bundle/main.mjs" });
await build({ ...common, format: "cjs", outfile: "bundle/main.cjs" });
// #endregion build
