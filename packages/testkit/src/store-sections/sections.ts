import { activities } from "./activities.ts";
import { allChanges } from "./all-changes.ts";
import { asOf } from "./as-of.ts";
import { blames } from "./blames.ts";
import { blanks } from "./blanks.ts";
import { bringingUp } from "./bringing-up.ts";
import { closing } from "./closing.ts";
import { contexts } from "./contexts.ts";
import { damagedSnapshots } from "./damaged-snapshots.ts";
import { damagedViews } from "./damaged-views.ts";
import { differences } from "./differences.ts";
import { dollarNames } from "./dollar-names.ts";
import { finding } from "./finding.ts";
import { findingDeleted } from "./finding-deleted.ts";
import { givingUp } from "./giving-up.ts";
import { histories } from "./histories.ts";
import { historiesOfPlaces } from "./histories-of-places.ts";
import { historiesWithChanges } from "./histories-with-changes.ts";
import { importRaces } from "./import-races.ts";
import { importRefusals } from "./import-refusals.ts";
import { importReruns } from "./import-reruns.ts";
import { importSources } from "./import-sources.ts";
import { imports } from "./imports.ts";
import { isolation } from "./isolation.ts";
import { iterations } from "./iterations.ts";
import { keys } from "./keys.ts";
import { lateViews } from "./late-views.ts";
import { lifeAndDeath } from "./life-and-death.ts";
import { migrations } from "./migrations.ts";
import { newerSchemas } from "./newer-schemas.ts";
import { noOps } from "./no-ops.ts";
import { olderSchemas } from "./older-schemas.ts";
import { opening } from "./opening.ts";
import { otherRealms } from "./other-realms.ts";
import { ownErrors } from "./own-errors.ts";
import { pages } from "./pages.ts";
import { projections } from "./projections.ts";
import { randomLives } from "./random-lives.ts";
import { rawDocuments } from "./raw-documents.ts";
import { reads } from "./reads.ts";
import { rebuilds } from "./rebuilds.ts";
import { rebuiltVersions } from "./rebuilt-versions.ts";
import { recipes } from "./recipes.ts";
import { resolving } from "./resolving.ts";
import { reverts } from "./reverts.ts";
import { schemaRefusals } from "./schema-refusals.ts";
import { serverClock } from "./server-clock.ts";
import { silence } from "./silence.ts";
import { snapshots } from "./snapshots.ts";
import type { StoreSection } from "./store-bench.ts";
import { storedSince } from "./stored-since.ts";
import { tamperedLogs } from "./tampered-logs.ts";
import { time } from "./time.ts";
import { undos } from "./undos.ts";
import { values } from "./values.ts";
import { verification } from "./verification.ts";
import { viewsLeftAlone } from "./views-left-alone.ts";
import { writeConflicts } from "./write-conflicts.ts";
import { writeQueues } from "./write-queues.ts";
import { written } from "./written.ts";

/** All that the store promises on any storage, section by section. */
export const storeSections: readonly StoreSection[] = [
  written,
  noOps,
  isolation,
  recipes,
  ownErrors,
  values,
  dollarNames,
  otherRealms,
  writeConflicts,
  writeQueues,
  lifeAndDeath,
  reverts,
  keys,
  blanks,
  contexts,
  opening,
  time,
  serverClock,
  randomLives,
  reads,
  histories,
  historiesOfPlaces,
  historiesWithChanges,
  blames,
  undos,
  allChanges,
  activities,
  differences,
  finding,
  asOf,
  findingDeleted,
  pages,
  iterations,
  projections,
  rebuilds,
  rebuiltVersions,
  storedSince,
  verification,
  snapshots,
  damagedSnapshots,
  migrations,
  schemaRefusals,
  olderSchemas,
  newerSchemas,
  bringingUp,
  damagedViews,
  viewsLeftAlone,
  rawDocuments,
  lateViews,
  imports,
  importReruns,
  importRaces,
  importRefusals,
  importSources,
  resolving,
  givingUp,
  tamperedLogs,
  closing,
  silence,
];
