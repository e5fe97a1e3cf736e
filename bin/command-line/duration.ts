const UNITS = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1_000 },
] as const;

/** A length of time in its two largest units, cut off below: `7 h 59 min`. Below an hour one unit is enough. */
export function describeDuration(durationMs: number): string {
  const restMs = Math.abs(durationMs);
  const largest = UNITS.findIndex(({ ms }) => restMs >= ms);
  if (largest < 0) return "0 s";
  const [unit, next] = UNITS.slice(largest);
  if (unit === undefined) return "0 s";
  const first = `${Math.floor(restMs / unit.ms)} ${unit.name}`;
  const second = next === undefined ? 0 : Math.floor((restMs % unit.ms) / next.ms);
  return second === 0 || unit.name === "min" ? first : `${first} ${second} ${next?.name}`;
}

/** Where an instant lies as seen from now: `in 7 h 59 min`, `3 min ago`. */
export function describeDistance(atMs: number, nowMs: number): string {
  const distance = describeDuration(atMs - nowMs);
  return atMs >= nowMs ? `in ${distance}` : `${distance} ago`;
}

/** An instant for a person, to the second: `2026-11-24 12:00:00Z`. */
export function describeInstant(atMs: number): string {
  return new Date(atMs)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");
}
