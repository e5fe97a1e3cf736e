import { METRIC, type MetricName } from "../lambda/contract.ts";

/** When an alarm rings, and what it says. */
export interface AlarmCondition {
  /** What is wrong, for a person who has just been woken. */
  readonly sentence: string;
  readonly metricName: MetricName;
  /** Over the values of one period. */
  readonly statistic: "Minimum" | "Maximum";
  readonly comparison: "below" | "at least";
  readonly threshold: number;
  readonly periodMinutes: number;
  /** How many of the newest periods CloudWatch looks at. */
  readonly periods: number;
  /** How many of them must breach the threshold. */
  readonly breachingPeriods: number;
  /** What a period without a value counts as. `ignore`: the alarm stays as it is. */
  readonly missing: "breaching" | "notBreaching" | "ignore";
  /** For how long a new alarm does not ring. @default it rings at once */
  readonly warmUpMinutes?: number;
}

/** What the conditions depend on. */
export interface AlarmTiming {
  /** The longest time between two ticks. */
  readonly intervalMinutes: number;
  /** How much of the refresh token's life is left when its alarm rings. */
  readonly refreshExpirySeconds: number;
}

/**
 * Share of the access token's life, in percent, that is left when its alarm rings. A share suits a life of an hour and one of a month.
 * A renewal is due between 38 and 33. Above 33 the alarm would ring although renewals succeed, and just below 33 at the first failure.
 */
export const ACCESS_TOKEN_LIFE_LEFT_PERCENT = 15;

/** A pair that was received is in use within seconds. An hour leaves four ticks of the default schedule to put it there. */
const OUT_OF_PLACE_SECONDS = 3_600;

/** The census runs once an hour, whatever the schedule of the ticks. */
export const CENSUS_MINUTES = 60;

/** The longest warm-up that CloudWatch takes: two days. */
const WARM_UP_MINUTES_MAX = 2_880;

/**
 * Every alarm by its id, the most urgent first. The id ends the alarm's name and is the heading of its chapter in the runbook.
 *
 * Each of them names a symptom. The cause is in the log and in `npx --no xt-token status`.
 *
 * ```
 *  last good tick                                   schedule of 15 minutes
 *    │   15    30    45    60         90
 *    ├─────┴─────┴─────┴─────┼──────────┼──         TicksNotSucceeding
 *                            │          └ at the latest, where no tick runs: CloudWatch looks for a missing value a little further back
 *                            └ where ticks run and fail
 *
 *  deploy   first tick     60
 *    ├────────┴──────────────┼──                    warm-up of TicksNotSucceeding: before it there are no values, and a missing value counts as breaching
 * ```
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
 */
export function alarms({ intervalMinutes, refreshExpirySeconds }: AlarmTiming) {
  // Without a value nobody knows what is left, so the alarm stays as it is. TicksNotSucceeding rings when values are missing.
  const runsOut = {
    statistic: "Minimum",
    comparison: "below",
    periodMinutes: intervalMinutes,
    periods: 1,
    breachingPeriods: 1,
    missing: "ignore",
  } as const;
  // One tick is enough to ring. Two periods, because a tick that is a little late leaves one of them empty.
  const lasts = {
    statistic: "Maximum",
    comparison: "at least",
    periodMinutes: intervalMinutes,
    periods: 2,
    breachingPeriods: 1,
    missing: "notBreaching",
  } as const;
  // An hour, and two ticks at least: most failures that heal by themselves heal within that time.
  const silentPeriods = Math.max(2, Math.ceil(60 / intervalMinutes));
  return {
    AccessTokenExpiring: {
      ...runsOut,
      sentence: "The access token is about to expire and no renewal has succeeded: workloads fail when it expires",
      metricName: METRIC.accessTokenLifeLeft,
      threshold: ACCESS_TOKEN_LIFE_LEFT_PERCENT,
    },
    PersonNeeded: {
      ...lasts,
      sentence:
        "A connection cannot go on without a person: npx --no xt-token connections says which, status says what to type",
      metricName: METRIC.severity,
      threshold: 4,
    },
    TicksNotSucceeding: {
      ...lasts,
      sentence: "No tick has ended well for an hour or longer: nothing renews the token pair",
      metricName: METRIC.severity,
      // The best tick of a period: one that ended well is enough.
      statistic: "Minimum",
      threshold: 3,
      periods: silentPeriods,
      breachingPeriods: silentPeriods,
      // Also rings where no tick runs at all, or where the function cannot start.
      missing: "breaching",
      warmUpMinutes: Math.min(WARM_UP_MINUTES_MAX, silentPeriods * intervalMinutes),
    },
    ConnectionUnattended: {
      ...lasts,
      sentence: "No tick looks after at least one connection, or the hourly census of the connections does not run",
      metricName: METRIC.connectionsUnattended,
      threshold: 1,
      periodMinutes: CENSUS_MINUTES,
      periods: 1,
      breachingPeriods: 1,
      // If no census runs, nobody knows how the connections stand.
      missing: "breaching",
      warmUpMinutes: 2 * CENSUS_MINUTES,
    },
    PairOutOfPlace: {
      ...lasts,
      sentence:
        "XT issued a token pair an hour ago or longer and it is not in use: it is stored, and must be put in use",
      metricName: METRIC.secondsOutOfPlace,
      threshold: OUT_OF_PLACE_SECONDS,
    },
    RefreshTokenExpiring: {
      ...runsOut,
      sentence: "The refresh token expires in a few days: after that only a person can grant access again",
      metricName: METRIC.secondsToRefreshExpiry,
      threshold: refreshExpirySeconds,
    },
  } as const satisfies Readonly<Record<string, AlarmCondition>>;
}

export type AlarmId = keyof ReturnType<typeof alarms>;

/** The alarm's chapter in the runbook, as GitHub makes an anchor of a heading. */
export function chapterOf(id: AlarmId): string {
  return `#${id.toLowerCase()}`;
}
