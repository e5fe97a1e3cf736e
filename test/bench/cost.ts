/**
 * List prices in USD, us-east-1, as AWS publishes them; a month is 730 hours, as AWS counts it. The free tiers are those that do not end
 * with an account's first year. Secrets and their calls have none.
 * @see https://aws.amazon.com/secrets-manager/pricing, /lambda/pricing, /eventbridge/pricing and /cloudwatch/pricing
 */
const PRICES = {
  secret: { each: 0.4, free: 0 },
  secretsManagerCall: { each: 0.05 / 10_000, free: 0 },
  /** Gigabyte-seconds on arm64. */
  lambdaGigabyteSecond: { each: 0.000_013_333_4, free: 400_000 },
  lambdaRequest: { each: 0.2 / 1_000_000, free: 1_000_000 },
  schedulerInvocation: { each: 1 / 1_000_000, free: 14_000_000 },
  /** Gigabytes taken in. What is kept is packed, and cents a year. */
  logGigabyte: { each: 0.5, free: 5 },
  /** By the hour in which it is written. */
  customMetric: { each: 0.3, free: 10 },
  alarm: { each: 0.1, free: 10 },
  dashboard: { each: 3, free: 3 },
} as const;

const HOURS = 730;

/** What a month is made of. */
export interface Usage {
  readonly secrets: number;
  readonly ticksPerHour: number;
  /** Hours from one rotation to the next; none where it is absent. */
  readonly hoursPerRotation?: number;
  /** Secrets Manager's calls, as counted. */
  readonly calls: { readonly idleTick: number; readonly rotation: number };
  /** Billed for each tick, from the start of the process on. */
  readonly secondsPerTick: number;
  readonly memoryMiB: number;
  /** Written to the log, by the function and by Lambda. */
  readonly logBytes: { readonly idleTick: number; readonly rotation: number };
  /** Metrics that each tick writes. */
  readonly metrics: number;
  /** Each looks at one metric. */
  readonly alarms: number;
  readonly dashboards: number;
}

/** One line of the bill, in USD: by the list, and where nothing else in the account uses the free tiers. */
export interface Item {
  readonly title: string;
  readonly list: number;
  readonly withFreeTier: number;
}

/** A month's bill. */
export function monthlyCost(usage: Usage): readonly Item[] {
  const ticks = HOURS * usage.ticksPerHour;
  const rotations = usage.hoursPerRotation === undefined ? 0 : HOURS / usage.hoursPerRotation;
  const overall = (per: { readonly idleTick: number; readonly rotation: number }) =>
    (ticks - rotations) * per.idleTick + rotations * per.rotation;
  const gigabyteSeconds = (ticks * usage.secondsPerTick * usage.memoryMiB) / 1_024;

  const item = (title: string, ...parts: readonly (readonly [keyof typeof PRICES, number])[]): Item => ({
    title,
    list: sum(parts.map(([what, amount]) => amount * PRICES[what].each)),
    withFreeTier: sum(parts.map(([what, amount]) => Math.max(0, amount - PRICES[what].free) * PRICES[what].each)),
  });
  return [
    item(`${usage.secrets} secrets`, ["secret", usage.secrets]),
    item(`${whole(overall(usage.calls))} calls of Secrets Manager`, ["secretsManagerCall", overall(usage.calls)]),
    item(
      `Lambda: ${whole(ticks)} ticks, ${whole(gigabyteSeconds)} GB-s`,
      ["lambdaGigabyteSecond", gigabyteSeconds],
      ["lambdaRequest", ticks],
    ),
    item("EventBridge Scheduler", ["schedulerInvocation", ticks]),
    item(`logs: ${whole(overall(usage.logBytes) / 1e6)} MB`, ["logGigabyte", overall(usage.logBytes) / 1e9]),
    item(`${usage.metrics} metrics of every tick`, ["customMetric", usage.metrics]),
    item(`${usage.alarms} alarms`, ["alarm", usage.alarms]),
    item(`${usage.dashboards} dashboard`, ["dashboard", usage.dashboards]),
  ];
}

export function total(items: readonly Item[]): Omit<Item, "title"> {
  return { list: sum(items.map(({ list }) => list)), withFreeTier: sum(items.map(({ withFreeTier }) => withFreeTier)) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((whole, each) => whole + each, 0);
}

function whole(amount: number): string {
  return Math.round(amount).toLocaleString("en-US");
}
