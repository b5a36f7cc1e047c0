import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { parseSync, type StringLiteral, type TemplateLiteral, Visitor } from "oxc-parser";

/** The files of one src folder: path relative to it, with "/", → text. A test can plant any file it likes. */
export type Sources = ReadonlyMap<string, string>;

/** What one specifier of a file points at. */
type Target =
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "package"; readonly name: string; readonly specifier: string }
  | { readonly kind: "builtin" }
  /** A relative path that names no file of this src folder, or one that only exists at run time. */
  | { readonly kind: "unknown"; readonly specifier: string };

/** Every file with all that it imports, both in sorted order so that findings are the same on every machine. */
export type ImportGraph = ReadonlyMap<string, readonly Target[]>;

/** Reads all imports of all files: of values and types, re-exports, `import()`, `import("./x").T`, `require`. */
export function importGraph(sources: Sources): ImportGraph {
  const files = [...sources.keys()].sort();
  return new Map(files.map((file) => [file, targetsOf(file, sources)]));
}

function targetsOf(file: string, sources: Sources): Target[] {
  const specifiers = [...new Set(specifiersOf(file, sources.get(file) ?? ""))].sort();
  return specifiers.map((specifier) => resolve(file, specifier, sources));
}

function resolve(file: string, specifier: string, sources: Sources): Target {
  if (specifier.startsWith(".")) {
    const path = posix.join(posix.dirname(file), specifier);
    return sources.has(path) ? { kind: "file", file: path } : { kind: "unknown", specifier };
  }
  if (specifier.startsWith("/") || specifier.startsWith("#")) return { kind: "unknown", specifier };
  // without the prefix it could as well be a package of the registry: then it must be allowed like one
  if (specifier.startsWith("node:") && isBuiltin(specifier)) return { kind: "builtin" };
  const parts = specifier.split("/");
  return { kind: "package", name: parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/"), specifier };
}

/** A specifier that is computed at run time cannot be checked; it is reported under this name. */
const computed = "./(computed)";

function specifiersOf(file: string, text: string): string[] {
  const parsed = parseSync(file, text);
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]?.message}`);
  const found: string[] = [];
  const add = (node: { type: string } | null | undefined): void => {
    if (node) found.push(textOf(node));
  };
  // the parser's own list of imports leaves out `import("./x").T`, so the tree is walked
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    TSExternalModuleReference: (node) => add(node.expression),
    CallExpression: (node) => {
      if (node.callee.type === "Identifier" && node.callee.name === "require") add(node.arguments[0]);
    },
  }).visit(parsed.program);
  return found;
}

function textOf(node: { type: string }): string {
  if (node.type === "Literal") return String((node as StringLiteral).value);
  const template = node as TemplateLiteral;
  const plain = node.type === "TemplateLiteral" && template.expressions.length === 0;
  return (plain && template.quasis[0]?.value.cooked) || computed;
}

/** One line for each import cycle, e.g. `a.ts -> b.ts -> a.ts`. A graph with a cycle gives at least one. */
export function cycles(graph: ImportGraph): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (done.has(file) || path.includes(file)) return;
    for (const target of graph.get(file) ?? []) {
      if (target.kind === "file") walk(target.file, [...path, file]);
    }
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}
