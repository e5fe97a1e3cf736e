import { METRIC } from "../../lambda/contract.ts";
import { PLATFORM_METRIC } from "./alarm-conditions.ts";
import type { Metrics } from "./read-metrics.ts";

const HOUR_S = 60 * 60;
/** Above this a refresh token's end is no news. */
const FAR_S = 30 * 24 * HOUR_S;

/** Durations that differ from run to run, and what the access token's remaining life says too. */
const UNTOLD: ReadonlySet<string> = new Set([
  METRIC.exchangeLatency,
  METRIC.exposureWindow,
  METRIC.secondsSinceLastSuccess,
]);

/** What a tick wrote that says something, in one line; empty where that is nothing. */
export function describeMetrics(metrics: Metrics): string {
  return Object.entries(metrics)
    .filter(([name, value]) => !UNTOLD.has(name) && value !== 0)
    .filter(([name, value]) => name !== METRIC.secondsToRefreshExpiry || value < FAR_S)
    .filter(([name]) => name !== PLATFORM_METRIC.deadLetters || leavesLetter(metrics))
    .sort(([one], [other]) => Number(isRemaining(one)) - Number(isRemaining(other)))
    .map(([name, value]) => (isRemaining(name) ? `${name} ${value} (${hours(value)})` : `${name} ${value}`))
    .join(" · ");
}

/** Old letters lie in their queue until somebody purges it. */
function leavesLetter({
  [PLATFORM_METRIC.errors]: errors = 0,
  [PLATFORM_METRIC.dropped]: dropped = 0,
}: Metrics): boolean {
  return errors + dropped > 0;
}

function isRemaining(name: string): boolean {
  return name === METRIC.secondsToAccessExpiry || name === METRIC.secondsToRefreshExpiry;
}

function hours(seconds: number): string {
  const whole = seconds / HOUR_S;
  return Math.abs(whole) >= 48 ? `${Math.round(whole / 24)} days` : `${Number(whole.toFixed(1))} h`;
}
