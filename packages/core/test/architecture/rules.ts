import { cycles, type ImportGraph, importGraph, type Sources } from "./import-graph.ts";

/** The rooms of core, left to right; `errors` comes first because all may import it. */
const line = [
  ...["errors", "value", "model", "patch", "changes", "fold", "port", "scan", "projection"],
  ...["context", "history", "views", "acts", "write", "read", "import", "store", "upkeep"],
];

/** So many files a folder holds at most; errors are one each. */
const mostFiles = 16;

/** What the files of a room may import besides their own. Nothing imports memory or the entry points. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(line.map((room, i) => [room, line.slice(0, i)])),
  // beside projection: it sees the port and what is left of it
  memory: line.slice(0, line.indexOf("projection")),
  "index.ts": line.slice(0, line.indexOf("upkeep")),
  "upkeep.ts": line,
  "adapter.ts": line,
  "changes.ts": line,
  "internals.ts": line,
};

/** Each third-party package has one place. A path that ends in "/" is a folder. */
const thirdParty: Readonly<Record<string, string>> = {
  immer: "patch/",
  ulid: "model/",
  diff: "changes/",
};

const roomOf = (file: string): string => file.split("/")[0] as string;

/** Everything in core's src that breaks the import rule, one line each; empty when all is well. */
export function coreFindings(sources: Sources): string[] {
  const graph = importGraph(sources);
  return [
    ...[...graph.keys()].filter((file) => !mayImport[roomOf(file)]).map((file) => `${file} is in no room`),
    ...roomFindings(graph),
    ...folderFindings(graph),
    ...thirdPartyFindings(graph),
    ...unknownFindings(graph),
    ...cycles(graph).map((cycle) => `cycle: ${cycle}`),
  ];
}

function folderFindings(graph: ImportGraph): string[] {
  const sizes = new Map<string, number>();
  for (const file of graph.keys()) {
    const folder = file.slice(0, Math.max(0, file.lastIndexOf("/")));
    sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
  }
  return [...sizes]
    .filter(([folder, size]) => folder !== "errors" && size > mostFiles)
    .map(([folder, size]) => `${folder} holds ${size} files: ${mostFiles} are the most`);
}

function roomFindings(graph: ImportGraph): string[] {
  const findings: string[] = [];
  for (const [file, targets] of graph) {
    const from = roomOf(file);
    for (const target of targets) {
      if (target.kind !== "file") continue;
      const to = roomOf(target.file);
      if (to === from || mayImport[from]?.includes(to)) continue;
      findings.push(`${file} -> ${target.file}: ${from} may not import ${to}`);
    }
  }
  return findings;
}

function thirdPartyFindings(graph: ImportGraph): string[] {
  const findings: string[] = [];
  for (const [file, targets] of graph) {
    for (const target of targets) {
      if (target.kind !== "package") continue;
      const place = thirdParty[target.name];
      if (place === undefined) {
        findings.push(`${file} -> ${target.specifier}: core may not import this package`);
      } else if (!(place.endsWith("/") ? file.startsWith(place) : file === place)) {
        findings.push(`${file} -> ${target.specifier}: only ${place} may import ${target.name}`);
      }
    }
  }
  return findings;
}

function unknownFindings(graph: ImportGraph): string[] {
  return [...graph].flatMap(([file, targets]) =>
    targets
      .filter((target) => target.kind === "unknown")
      .map((target) => `${file} -> ${target.specifier}: no source file of this package`),
  );
}

/** Files that load by name what only some users have installed. */
const byName: Readonly<Record<string, string>> = { "@everdraft/cli": "store/connect.ts" };

/**
 * What breaks the rule between packages in the src of one that is not core: it reaches others only by name, and
 * a name only by what that package exports.
 *
 * `publicNames` are all specifiers that the workspace's packages export, e.g. "@everdraft/core/memory".
 */
export function packageFindings(own: string, sources: Sources, publicNames: ReadonlySet<string>): string[] {
  const graph = importGraph(sources);
  const findings = unknownFindings(graph).filter(
    (finding) => !finding.startsWith(`${byName[own]} -> ./(computed)`),
  );
  for (const [file, targets] of graph) {
    for (const target of targets) {
      if (target.kind !== "package" || !target.name.startsWith("@everdraft/")) continue;
      if (target.name === own)
        findings.push(`${file} -> ${target.specifier}: a package may not import itself`);
      else if (!publicNames.has(target.specifier))
        findings.push(`${file} -> ${target.specifier}: not a public export`);
    }
  }
  return [...findings, ...cycles(graph).map((cycle) => `cycle: ${cycle}`)];
}
