/** The longest name of an index that servers have taken, in characters. */
const longestName = 127;

/**
 * The names that a server's text gives an index, in the words of MongoDB (`index: NAME dup key: …`), of DocumentDB
 * (`Index 'NAME'`) and of those that follow them. Values of documents may stand in the same text, so a name counts
 * only where an index is called so.
 */
export function namesIn(errmsg: string): readonly string[] {
  // a key stands behind these words, and up to there a name may hold spaces
  const [before = "", ...key] = errmsg.split(/ (?:collation: \{.*?\} )?dup key/);
  const toItsEnd = key.length > 0 ? [...before.matchAll(/\bindex: (?:\S+\.\$)?(.+)$/g)] : [];
  const found =
    toItsEnd.length > 0
      ? toItsEnd
      : [...before.matchAll(/\bindex: (?:\S+\.\$)?(\S+)/g), ...before.matchAll(/\bindex '([^']+)'/gi)];
  return found.flatMap(([, name]) => (name === undefined || name.length > longestName ? [] : [name]));
}
