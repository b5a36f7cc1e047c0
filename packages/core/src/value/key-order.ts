/**
 * Orders texts by their UTF-8 bytes, that is by code points. JavaScript compares UTF-16 units, which differs
 * only where one side has a surrogate (U+10000 and above) and the other a character from U+E000 on.
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

// surrogates (D800–DFFF) go above all other units, as their code points do
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
