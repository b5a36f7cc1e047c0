import { join } from "node:path";
import { defineConfig } from "vitest/config";

const packages = join(import.meta.dirname, "../packages");
const source = "@everdraft/source";

// Stryker runs a copy, in which the links of node_modules lead back to the original: names lead to the copy's files
export default defineConfig({
  resolve: {
    conditions: [source],
    alias: [
      { find: /^@everdraft\/core$/, replacement: join(packages, "core/src/index.ts") },
      {
        find: /^@everdraft\/core\/(adapter|internals|upkeep)$/,
        replacement: join(packages, "core/src/$1.ts"),
      },
      {
        find: /^@everdraft\/core\/memory$/,
        replacement: join(packages, "core/src/memory/memory-storage.ts"),
      },
      { find: /^@everdraft\/testkit$/, replacement: join(packages, "testkit/src/index.ts") },
    ],
  },
  ssr: { resolve: { conditions: [source, "node", "import", "default"] } },
  // changed code, counted as it runs, is slow
  test: { include: process.env.MUTATION_TESTS?.split(" ") ?? [], testTimeout: 60_000 },
});
