// The import rule: inside core `errors ← value ← model ← patch ← fold ← port ← scan ← projection ← context ← history ←
// views ← write ← read ← import ← store ← index.ts`, memory beside projection, no folder of more than 16 files, no cycle, each third-party package in one place; between packages only public names.
import { describe, expect, test } from "vitest";
import { coreFindings, packageFindings } from "./architecture/rules.ts";
import { workspace } from "./architecture/workspace.ts";

const packages = workspace();
const publicNames = new Set(packages.flatMap((each) => each.publicNames));

describe("the packages as they are", () => {
  test("were found", () => {
    const core = packages.find((each) => each.name === "@everdraft/core");
    expect(core?.sources.has("index.ts")).toBe(true);
    expect(publicNames).toContain("@everdraft/core/memory");
  });

  test.each(packages)("$name keeps the import rule", ({ name, sources }) => {
    expect(
      name === "@everdraft/core" ? coreFindings(sources) : packageFindings(name, sources, publicNames),
    ).toEqual([]);
  });
});

/** Each plant breaks one rule and must be found, exactly as written; the clean files around it must not. */
type Plant = readonly [rule: string, files: Record<string, string>, findings: readonly string[]];

const clean = {
  "errors/a-error.ts": "export class AError extends Error {}",
  "model/id.ts": 'import { ulid } from "ulid"; import { AError } from "../errors/a-error.ts";',
  "patch/edit.ts": 'import { Immer } from "immer"; export * from "../model/id.ts";',
  "fold/fold.ts": 'import { createHash } from "node:crypto"; import type { P } from "../patch/edit.ts";',
  "port/storage.ts": 'import type { F } from "../fold/fold.ts";',
  "memory/memory-storage.ts": 'import type { S } from "../port/storage.ts";',
  "projection/view.ts": 'import type { S } from "../port/storage.ts";',
  "context/cache.ts": 'import { v } from "../projection/view.ts";',
  "index.ts": 'export { c } from "./context/cache.ts";',
  "adapter.ts": 'export { s } from "./port/storage.ts";',
};

const corePlants: readonly Plant[] = [
  ["nothing planted", {}, []],
  [
    "an import to the right",
    { "fold/bad.ts": 'import { s } from "../port/storage.ts";' },
    ["fold/bad.ts -> port/storage.ts: fold may not import port"],
  ],
  [
    "errors import nothing but errors",
    { "errors/bad.ts": 'import type { Id } from "../model/id.ts";' },
    ["errors/bad.ts -> model/id.ts: errors may not import model"],
  ],
  [
    "a re-export to the right",
    { "model/bad.ts": 'export { c } from "../context/cache.ts";' },
    ["model/bad.ts -> context/cache.ts: model may not import context"],
  ],
  [
    "a dynamic import to the right",
    { "patch/bad.ts": "export const load = () => import(`../context/cache.ts`);" },
    ["patch/bad.ts -> context/cache.ts: patch may not import context"],
  ],
  [
    "memory imports projection",
    { "memory/bad.ts": 'import { v } from "../projection/view.ts";' },
    ["memory/bad.ts -> projection/view.ts: memory may not import projection"],
  ],
  [
    "memory is imported",
    { "store/bad.ts": 'import { m } from "../memory/memory-storage.ts";' },
    ["store/bad.ts -> memory/memory-storage.ts: store may not import memory"],
  ],
  [
    "index.ts is imported",
    { "store/bad.ts": 'import { c } from "../index.ts";' },
    ["store/bad.ts -> index.ts: store may not import index.ts"],
  ],
  [
    "adapter.ts is imported",
    { "memory/bad.ts": 'import { s } from "../adapter.ts";' },
    ["memory/bad.ts -> adapter.ts: memory may not import adapter.ts"],
  ],
  [
    "a cycle of types only",
    {
      "model/a.ts": 'import type { B } from "./b.ts"; export type A = B;',
      "model/b.ts": 'export type { A } from "./a.ts";',
    },
    ["cycle: model/a.ts -> model/b.ts -> model/a.ts"],
  ],
  [
    'a cycle by import("./x").T',
    {
      "fold/a.ts": 'export type A = import("./b.ts").B;',
      "fold/b.ts": 'export type B = Array<import("./c.ts").C>;',
      "fold/c.ts": 'export type C = import("./a.ts").A;',
    },
    ["cycle: fold/a.ts -> fold/b.ts -> fold/c.ts -> fold/a.ts"],
  ],
  [
    "immer outside patch",
    { "store/bad.ts": 'import { produce } from "immer";' },
    ["store/bad.ts -> immer: only patch/ may import immer"],
  ],
  [
    "ulid outside model",
    { "store/bad.ts": 'export const id = () => import("ulid");' },
    ["store/bad.ts -> ulid: only model/ may import ulid"],
  ],
  [
    "diff outside changes",
    { "memory/bad.ts": 'import { diffWords } from "diff";' },
    ["memory/bad.ts -> diff: only changes/ may import diff"],
  ],
  [
    "a folder of too many files",
    Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`fold/deep/file-${i}.ts`, "export {};"])),
    ["fold/deep holds 17 files: 16 are the most"],
  ],
  [
    "a package that core does not use",
    { "model/bad.ts": 'import x = require("lodash/fp");' },
    ["model/bad.ts -> lodash/fp: core may not import this package"],
  ],
  [
    "core by its own name",
    { "store/bad.ts": 'import { c } from "@everdraft/core";' },
    ["store/bad.ts -> @everdraft/core: core may not import this package"],
  ],
  ["a file in no room", { "utils/bad.ts": "export const x = 1;" }, ["utils/bad.ts is in no room"]],
  [
    "a path that hides its file",
    { "model/bad.ts": 'import "../store/cache.js"; import("../sto" + "re/cache.ts");' },
    [
      "model/bad.ts -> ../store/cache.js: no source file of this package",
      "model/bad.ts -> ./(computed): no source file of this package",
    ],
  ],
];

test.each(corePlants)("found exactly, in core: %s", (_rule, planted, findings) => {
  expect(coreFindings(new Map(Object.entries({ ...clean, ...planted })))).toEqual(findings);
});

const packagePlants: readonly Plant[] = [
  [
    "nothing planted",
    { "good.ts": 'import "@everdraft/core/memory"; import "node:fs"; import "x-lib";' },
    [],
  ],
  [
    "another package by a relative path",
    { "bad.ts": 'import { ulid } from "../../core/src/model/id.ts";' },
    ["bad.ts -> ../../core/src/model/id.ts: no source file of this package"],
  ],
  [
    "an inner file of core",
    { "bad.ts": 'export type Id = import("@everdraft/core/src/model/id.ts").Id;' },
    ["bad.ts -> @everdraft/core/src/model/id.ts: not a public export"],
  ],
  [
    "its own name",
    { "bad.ts": 'import { x } from "@everdraft/planted";' },
    ["bad.ts -> @everdraft/planted: a package may not import itself"],
  ],
];

test.each(packagePlants)("found exactly, in another package: %s", (_rule, planted, findings) => {
  expect(packageFindings("@everdraft/planted", new Map(Object.entries(planted)), publicNames)).toEqual(
    findings,
  );
});
