/** What is deployed by default, for one connection. */
export const DEPLOYED = {
  secrets: 3,
  ticksPerHour: 4,
  censusesPerHour: 1,
  memoryMiB: 1_769,
  /** Generous: a start and a rotation of a new process take a good part of it, an idle tick of a warm one a hundredth. */
  secondsPerTick: 1,
  /** Calls of Secrets Manager. The tests of the bundle count those of ticks; a census of one connection reads and lists. */
  calls: { idleTick: 4, rotation: 8, census: 5 },
  /** Written to the log by the function and, in JSON, by Lambda. Estimated. */
  logBytes: 2_500,
  /** Of ticks the severity and the two lives, of censuses two numbers. One more is billed only while a pair is out of its place. */
  metrics: 5,
  alarms: 6,
  dashboards: 1,
} as const;

/** What a further connection adds. */
export const ANOTHER = {
  secrets: 2,
  /** Estimated. Its ticks meet a process that the ticks of the others keep warm, and wait for one round trip. */
  secondsPerTick: 0.1,
  /** A census of the others takes it along: reads its pair, and lists its two secrets, of which a page holds a hundred. */
  calls: { ...DEPLOYED.calls, census: 1.02 },
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
  const { metrics, alarms, dashboards } = DEPLOYED;
  return [
    ...ofRuns(DEPLOYED, DEPLOYED.ticksPerHour + DEPLOYED.censusesPerHour),
    item(`${metrics} metrics`, metrics, 0.3, 10),
    item(`${alarms} alarms`, alarms, 0.1, 10),
    item(`${dashboards} dashboard`, dashboards, 3, 3),
  ];
}

/** What a month costs more with one connection more, by the list. The free tiers are used up by the others. */
export function monthlyCostOfOneMore(): readonly Item[] {
  return ofRuns(ANOTHER, DEPLOYED.ticksPerHour);
}

function item(title: string, amount: number, usdEach: number, free = 0): Item {
  return { title, list: amount * usdEach, withFreeTier: Math.max(0, amount - free) * usdEach };
}

/** What the secrets of a connection cost, and so many runs of the function in an hour. */
function ofRuns(
  { secrets, secondsPerTick, calls }: typeof DEPLOYED | typeof ANOTHER,
  runsPerHour: number,
): readonly Item[] {
  const { ticksPerHour, censusesPerHour, memoryMiB, logBytes } = DEPLOYED;
  const runs = HOURS_PER_MONTH * runsPerHour;
  const rotations = HOURS_PER_MONTH / HOURS_PER_ROTATION;
  const idleTicks = HOURS_PER_MONTH * ticksPerHour - rotations;
  const censuses = HOURS_PER_MONTH * censusesPerHour;
  const allCalls = idleTicks * calls.idleTick + rotations * calls.rotation + censuses * calls.census;
  const gigabyteSeconds = (runs * secondsPerTick * memoryMiB) / 1_024;
  return [
    item(`${secrets} secrets`, secrets, 0.4),
    item(`${whole(allCalls)} calls of Secrets Manager`, allCalls, 0.05 / 10_000),
    // On arm64.
    item(`Lambda: ${whole(gigabyteSeconds)} GB-seconds`, gigabyteSeconds, 0.000_013_333_4, 400_000),
    item(`Lambda: ${whole(runs)} requests`, runs, 0.2 / 1_000_000, 1_000_000),
    item("EventBridge Scheduler", runs, 1 / 1_000_000, 14_000_000),
    item(`logs: ${whole((runs * logBytes) / 1e6)} MB`, (runs * logBytes) / 1e9, 0.5, 5),
  ];
}

/** The bill as Markdown. */
export function renderCost(): string {
  const items = monthlyCost();
  const total = {
    title: "**total**",
    list: sum(items.map(({ list }) => list)),
    withFreeTier: sum(items.map(({ withFreeTier }) => withFreeTier)),
  };
  const oneMore = sum(monthlyCostOfOneMore().map(({ list }) => list));
  return [
    "| USD per month, us-east-1 | list | free tiers unused |",
    "| --- | --- | --- |",
    ...[...items, total].map(({ title, list, withFreeTier }) => `| ${title} | ${usd(list)} | ${usd(withFreeTier)} |`),
    `| one more connection | ${usd(oneMore)} | ${usd(oneMore)} |`,
  ].join("\n");
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((whole, each) => whole + each, 0);
}

function usd(amount: number): string {
  return amount > 0 && amount < 0.005 ? "< 0.01" : amount.toFixed(2);
}

function whole(amount: number): string {
  return Math.round(amount).toLocaleString("en-US");
}
