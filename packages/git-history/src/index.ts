export { GitError } from "./git-error.ts";
export type { UnreadableRevision } from "./git-revisions.ts";
export { gitSource } from "./git-source.ts";
export { type RevisionDate, revisionDates } from "./revision-dates.ts";
export type { Source, SourceRevision } from "./source.ts";
