/** Why the history of a file cannot be read from git: one sentence for the person who asked, with a remedy where there is one. */
export class GitError extends Error {
  /** @param message the sentence */
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "GitError";
  }
}
