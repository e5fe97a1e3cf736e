/** What is deployed by default, for one connection. */
export const DEPLOYED = {
  secrets: 3,
  ticksPerHour: 4,
  memoryMiB: 1_769,
  /** Generous: a start and a rotation of a new process take a good part of it, an idle tick of a warm one a hundredth. */
  secondsPerTick: 1,
  /** Calls of Secrets Manager; the tests of the bundle count them. */
  calls: { idleTick: 4, rotation: 8 },
  /** Written to the log by the function and, in JSON, by Lambda. Estimated. */
  logBytes: 2_500,
  /** The severity and the two lives. The fourth is written, and billed, only while a pair is out of its place. */
  metrics: 3,
  alarms: 5,
  dashboards: 1,
} as const;

const HOURS_PER_MONTH = 730;
/** Two thirds of the day that XT's access tokens live. */
const HOURS_PER_ROTATION = 16;

interface Item {
  readonly title: string;
  /** USD by the list. */
  readonly list: number;
  /** Where nothing else in the account uses the free tiers; those that do not end with an account's first year. */
  readonly withFreeTier: number;
}

/**
 * A month's bill at the list prices of us-east-1.
 * @see https://aws.amazon.com/secrets-manager/pricing, /lambda/pricing, /eventbridge/pricing and /cloudwatch/pricing
 */
export function monthlyCost(): readonly Item[] {
  const { secrets, ticksPerHour, memoryMiB, secondsPerTick, calls, logBytes, metrics, alarms, dashboards } = DEPLOYED;
  const ticks = HOURS_PER_MONTH * ticksPerHour;
  const rotations = HOURS_PER_MONTH / HOURS_PER_ROTATION;
  const allCalls = (ticks - rotations) * calls.idleTick + rotations * calls.rotation;
  const gigabyteSeconds = (ticks * secondsPerTick * memoryMiB) / 1_024;
  const item = (title: string, amount: number, usdEach: number, free = 0): Item => ({
    title,
    list: amount * usdEach,
    withFreeTier: Math.max(0, amount - free) * usdEach,
  });
  return [
    item(`${secrets} secrets`, secrets, 0.4),
    item(`${whole(allCalls)} calls of Secrets Manager`, allCalls, 0.05 / 10_000),
    // On arm64.
    item(`Lambda: ${whole(gigabyteSeconds)} GB-seconds`, gigabyteSeconds, 0.000_013_333_4, 400_000),
    item(`Lambda: ${whole(ticks)} requests`, ticks, 0.2 / 1_000_000, 1_000_000),
    item("EventBridge Scheduler", ticks, 1 / 1_000_000, 14_000_000),
    item(`logs: ${whole((ticks * logBytes) / 1e6)} MB`, (ticks * logBytes) / 1e9, 0.5, 5),
    item(`${metrics} metrics of every tick`, metrics, 0.3, 10),
    item(`${alarms} alarms`, alarms, 0.1, 10),
    item(`${dashboards} dashboard`, dashboards, 3, 3),
  ];
}

/** The bill as Markdown. */
export function renderCost(): string {
  const items = monthlyCost();
  const sum = (amounts: readonly number[]) => amounts.reduce((whole, each) => whole + each, 0);
  const total = {
    title: "**total**",
    list: sum(items.map(({ list }) => list)),
    withFreeTier: sum(items.map(({ withFreeTier }) => withFreeTier)),
  };
  return [
    "| USD per month, us-east-1 | list | free tiers unused |",
    "| --- | --- | --- |",
    ...[...items, total].map(({ title, list, withFreeTier }) => `| ${title} | ${usd(list)} | ${usd(withFreeTier)} |`),
  ].join("\n");
}

function usd(amount: number): string {
  return amount > 0 && amount < 0.005 ? "< 0.01" : amount.toFixed(2);
}

function whole(amount: number): string {
  return Math.round(amount).toLocaleString("en-US");
}
