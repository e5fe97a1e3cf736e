/** Tells for how long this process was kept from working, by others on the machine or by itself. */
export interface HoldUps {
  /** How much of the time since a moment of `performance.now()`, in milliseconds. */
  since(atMs: number): number;
  stop(): void;
}

const LOOK_EVERY_MS = 20;
/** What a timer is late anyway, in milliseconds. */
const USUAL_MS = 10;

export function watchHoldUps(): HoldUps {
  const holdUps: { readonly endedAtMs: number; readonly ms: number }[] = [];
  let lookedAtMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const ms = nowMs - lookedAtMs - LOOK_EVERY_MS;
    if (ms > USUAL_MS) holdUps.push({ endedAtMs: nowMs, ms });
    lookedAtMs = nowMs;
  }, LOOK_EVERY_MS);
  return {
    since: (atMs) => holdUps.reduce((sum, { endedAtMs, ms }) => sum + Math.max(0, Math.min(ms, endedAtMs - atMs)), 0),
    stop: () => clearInterval(timer),
  };
}
