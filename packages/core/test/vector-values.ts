/** A value of the test vectors: JSON, with `$date`, `$bytes` and `$number` for what JSON lacks. */
export function plainValue(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(plainValue);
  if (json === null || typeof json !== "object") return json;
  if ("$date" in json) return new Date(json.$date as number);
  if ("$bytes" in json) return Uint8Array.from(Buffer.from(json.$bytes as string, "hex"));
  if ("$number" in json) return Number(json.$number);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, plainValue(value)]));
}
