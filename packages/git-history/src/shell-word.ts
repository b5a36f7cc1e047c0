/** A path as it stands in a command line that a person may copy. */
export function shellWord(path: string): string {
  return /^[\w./~@%+=:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
