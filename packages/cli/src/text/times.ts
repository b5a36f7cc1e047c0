const units = [
  ["year", 365.25 * 86_400_000],
  ["month", 30.4375 * 86_400_000],
  ["week", 7 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** How long ago a date was, in words; a date ahead is said to be so. */
export function ago(date: Date, now: number): string {
  const distance = now - date.getTime();
  const size = Math.abs(distance);
  for (const [unit, length] of units) {
    // weeks are for two weeks up to a month
    if (size < length || (unit === "week" && size < 2 * length)) continue;
    const many = Math.floor(size / length);
    const words = `${many} ${unit}${many === 1 ? "" : "s"}`;
    return distance >= 0 ? `${words} ago` : `in ${words}`;
  }
  return "just now";
}

/** A date to the second, UTC. */
export function second(date: Date): string {
  return date.toISOString().slice(0, 19).replace("T", " ");
}

/** A time span in words. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
