import { type Item, monthlyCost, total, type Usage } from "./cost.ts";
import type { Results } from "./results.ts";

/** What is deployed by default, for one connection. */
export const DEPLOYED = {
  /** The token pair, the client credentials, the access token. */
  secrets: 3,
  ticksPerHour: 4,
  memoryMiB: 1_769,
  /** Generous: a start and a rotation of a new process take a good part of it, an idle tick of a warm one a hundredth. */
  secondsPerTick: 1,
  /** The severity and the two lives. The fourth is written, and billed, only while a pair is out of its place. */
  metrics: 3,
  alarms: 5,
  dashboards: 1,
} as const;

/** Two thirds of the day that XT's access tokens live. */
const HOURS_PER_ROTATION = 16;

/** What Lambda itself writes of a run to the log, in JSON: its start, its end and its report. Estimated. */
const PLATFORM_LOG_BYTES = 1_200;

/** Out of the calls and bytes that were counted. */
export function deployedUsage(results: Results): Usage | undefined {
  const [idle, ours] = [results.get("idle"), results.get("ours")];
  if (!idle?.counts || !ours?.counts) return undefined;
  return {
    ...DEPLOYED,
    calls: { idleTick: idle.counts.cold.awsRequests, rotation: ours.counts.cold.awsRequests },
    logBytes: { idleTick: idle.printed + PLATFORM_LOG_BYTES, rotation: ours.printed + PLATFORM_LOG_BYTES },
  };
}

/** The bill as Markdown: a month in which nothing is due, and one in which the pair is renewed as usual. */
export function renderCost(usage: Usage): string {
  const idle = monthlyCost(usage);
  const rotating = monthlyCost({ ...usage, hoursPerRotation: HOURS_PER_ROTATION });
  const row = (title: string, ...amounts: readonly Omit<Item, "title">[]) =>
    `| ${[title, ...amounts.map(({ list }) => usd(list)), usd(amounts.at(-1)?.withFreeTier ?? 0)].join(" | ")} |`;
  return [
    `| USD per month, us-east-1 | nothing is due | a rotation every ${HOURS_PER_ROTATION} hours | the same, free tiers unused |`,
    "| --- | --- | --- | --- |",
    ...rotating.map((item, index) => row(item.title, idle[index] ?? item, item)),
    row("**total**", total(idle), total(rotating)),
  ].join("\n");
}

function usd(amount: number): string {
  return amount > 0 && amount < 0.005 ? "< 0.01" : amount.toFixed(2);
}
