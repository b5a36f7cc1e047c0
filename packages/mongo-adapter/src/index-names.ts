/** The longest name of an index that servers have taken, in characters. */
const longestName = 127;

/**
 * The names that a server's text gives an index, in the words of MongoDB (`index: NAME dup key: …`), of DocumentDB
 * (`Index 'NAME'`) and of those that follow them. Values of documents may stand in the same text, so a name counts
 * only where an index is called so.
 */
export function namesIn(errmsg: string): readonly string[] {
  // what stands behind the words "dup key" is a key
  const before = errmsg.split("dup key")[0] ?? "";
  const words = [
    ...before.matchAll(/\bindex:\s+(?:\S+\$)?(\S+)/gi),
    ...before.matchAll(/\bindex\s+'([^']+)'/gi),
  ];
  return words.flatMap(([, name]) => (name === undefined || name.length > longestName ? [] : [name]));
}
