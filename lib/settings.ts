import { Duration, Token } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as v from "valibot";
import {
  BASE_URL_EXPECTED,
  baseUrlFault,
  CONNECTION_NAME_EXPECTED,
  DEFAULT_CONNECTION,
  EXCHANGE_TIMEOUT_MS,
  isConnectionName,
  isRedirectUri,
  REDIRECT_URI_EXPECTED,
  UNKNOWN_OUTCOME_POLICIES,
} from "../lambda/contract.ts";
import { scheduleFault, scheduleOf } from "./tick-interval.ts";

/** Settings that cannot be used; the message has a line for each of them. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Says in one sentence why an address cannot be used. It never repeats the text, which may hold credentials. */
export function httpsUrlFault(text: string): string | undefined {
  if (Token.isUnresolved(text)) return undefined;
  const fault = baseUrlFault(URL.canParse(text) ? new URL(text) : undefined);
  return fault === undefined ? undefined : `found ${fault}, expected ${BASE_URL_EXPECTED}`;
}

/** Says in one sentence why a timeout of the exchange cannot be used. */
export function exchangeTimeoutFault(timeout: Duration): string | undefined {
  const { min, max } = EXCHANGE_TIMEOUT_MS;
  const milliseconds = timeout.toMilliseconds();
  if (milliseconds >= min && milliseconds <= max) return undefined;
  return `found ${milliseconds / 1_000} seconds, expected from ${min / 1_000} to ${max / 1_000} seconds`;
}

/** Says in one sentence why a text cannot begin the names of secrets. */
export function connectionPrefixFault(text: string): string | undefined {
  // A secret's name has at most 512 characters. `<64 characters>/access-token` takes 77 of them.
  if (Token.isUnresolved(text) || (/^([\w+=.@-]+\/)+$/.test(text) && text.length <= 435)) return undefined;
  return `found '${text}', expected ${CONNECTION_PREFIX_EXPECTED}`;
}

const CONNECTION_PREFIX_EXPECTED =
  "the beginning of secrets' names: up to 435 letters, digits and characters of _+=.@-, in parts that each end with a slash";

/** Says in one sentence why further connections cannot have these names. */
export function connectionsFault(names: readonly string[]): string | undefined {
  for (const [index, name] of names.entries()) {
    if (!isConnectionName(name)) return `found '${name}', expected ${CONNECTION_NAME_EXPECTED}`;
    if (name === DEFAULT_CONNECTION) return `found '${name}', expected another name: every stack has that connection`;
    if (names.indexOf(name) < index) return `found '${name}' twice, expected it once`;
  }
  return undefined;
}

/** A longer notice than a refresh token's whole life would always ring; XT's documented lives are months. */
const REFRESH_EXPIRY_ALARM_DAYS = { min: 1, max: 90 } as const;

// INFINITE is the library's own word for no retention; CloudWatch knows no such number of days.
const RETENTION_DAYS = Object.values(RetentionDays)
  .filter((days) => typeof days === "number")
  .filter((days) => days !== RetentionDays.INFINITE)
  .map(String);

/** cdk.json may hold numbers; the command line gives text only. */
const text = v.pipe(
  v.unknown(),
  v.transform((raw) => (typeof raw === "string" ? raw : JSON.stringify(raw))),
);

/** The sentence about a text that is not as expected. */
function notAs(expected: string) {
  return ({ input }: v.BaseIssue<unknown>) => `found '${input}', expected ${expected}`;
}

function matching(pattern: RegExp, expected: string) {
  return v.pipe(text, v.regex(pattern, notAs(expected)));
}

/** `Number` alone would also read '', ' 5', '1e1' and '0x10'. */
function wholeNumber(expected: string, isInBounds = (_number: number) => true) {
  const isWhole = (digits: string) => /^\d+$/.test(digits) && isInBounds(Number(digits));
  return v.pipe(text, v.check(isWhole, notAs(expected)), v.transform(Number));
}

/** A rule that says itself what is wrong; constructs check by the same one. */
function faultless<T>(faultOf: (value: T) => string | undefined) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    const message = dataset.typed ? faultOf(dataset.value) : undefined;
    if (message !== undefined) addIssue({ message });
  });
}

const flag = v.pipe(
  text,
  v.picklist(["true", "false"], notAs("true or false")),
  v.transform((word) => word === "true"),
);

const httpsUrl = v.pipe(text, faultless(httpsUrlFault));

const secretArn = matching(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
  "the whole ARN of a secret, arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six characters>, " +
    "as aws secretsmanager describe-secret --secret-id <name> prints it",
);

const SETTINGS = v.object({
  stackName: matching(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, "1 to 128 letters, digits and hyphens, starting with a letter"),
  tokenSecretArn: secretArn,
  clientSecretArn: secretArn,
  accessTokenSecretArn: secretArn,
  connectionPrefix: v.pipe(text, faultless(connectionPrefixFault)),
  // cdk.json may hold a list.
  connections: v.pipe(
    v.unknown(),
    v.transform((raw): readonly string[] => (Array.isArray(raw) ? raw.map(String) : String(raw).split(","))),
    faultless(connectionsFault),
  ),
  eventBusArn: matching(
    /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/,
    "the ARN of an event bus, arn:aws:events:<region>:<account>:event-bus/<name>",
  ),
  schedule: v.pipe(
    text,
    faultless((expressionString) => scheduleFault({ expressionString })),
    v.transform(scheduleOf),
  ),
  baseUrl: httpsUrl,
  redirectUri: v.pipe(text, v.check(isRedirectUri, notAs(REDIRECT_URI_EXPECTED))),
  unknownOutcomePolicy: v.pipe(
    text,
    v.picklist(UNKNOWN_OUTCOME_POLICIES, notAs(UNKNOWN_OUTCOME_POLICIES.join(" or "))),
  ),
  exchangeTimeoutSeconds: v.pipe(
    wholeNumber("a whole number of seconds"),
    v.transform((seconds) => Duration.seconds(seconds)),
    faultless(exchangeTimeoutFault),
  ),
  logRetentionDays: v.pipe(
    text,
    v.picklist(RETENTION_DAYS, notAs(`one of ${RETENTION_DAYS.join(", ")}`)),
    v.transform((days): RetentionDays => Number(days)),
  ),
  encryptionKeyArn: matching(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    // An alias would deploy and then deny every call: IAM matches the key's own ARN.
    "the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>, not of an alias",
  ),
  alarms: flag,
  dashboard: flag,
  alarmEmail: matching(/^[^\s@:,;<>]+@[^\s@:,;<>]+\.[^\s@:,;<>]+$/, "one e-mail address"),
  alarmTopicArn: matching(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
    "the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>",
  ),
  // The alarm adds the fragment.
  runbookUrl: httpsUrl,
  refreshExpiryAlarmDays: v.pipe(
    wholeNumber(
      `a whole number from ${REFRESH_EXPIRY_ALARM_DAYS.min} to ${REFRESH_EXPIRY_ALARM_DAYS.max}`,
      (days) => days >= REFRESH_EXPIRY_ALARM_DAYS.min && days <= REFRESH_EXPIRY_ALARM_DAYS.max,
    ),
    v.transform((days) => Duration.days(days)),
  ),
});

const SCHEMA = v.pipe(
  v.partial(SETTINGS),
  v.forward(
    v.partialCheck(
      [["alarmEmail"], ["alarmTopicArn"]],
      ({ alarmEmail, alarmTopicArn }) => alarmEmail === undefined || alarmTopicArn === undefined,
      "found alarmEmail and alarmTopicArn, expected one of the two: subscribe the address to the topic",
    ),
    ["alarmEmail"],
  ),
  v.forward(
    v.partialCheck(
      [["alarms"], ["alarmEmail"], ["alarmTopicArn"]],
      ({ alarms, alarmEmail, alarmTopicArn }) => alarms !== false || (alarmEmail ?? alarmTopicArn) === undefined,
      "found false together with alarmEmail or alarmTopicArn, expected true, or neither of the two",
    ),
    ["alarms"],
  ),
  v.transform(({ exchangeTimeoutSeconds, logRetentionDays, refreshExpiryAlarmDays, ...others }) => ({
    ...others,
    exchangeTimeout: exchangeTimeoutSeconds,
    logRetention: logRetentionDays,
    refreshExpiryAlarm: refreshExpiryAlarmDays,
  })),
);

/** What a person can set with `-c key=value` or in cdk.json; absent means the construct's default. */
export type Settings = Readonly<Partial<v.InferOutput<typeof SCHEMA>>>;

/**
 * Reads the settings from CDK context.
 * @param context all of it: keys of others are left alone, unless they look like a mistyped key of ours
 * @throws SettingsError that names every setting at fault at once, what was found and what is expected
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const given = Object.entries(context).filter(([, value]) => value !== undefined && value !== null);
  const mistyped = given.flatMap(([key]) => {
    const meant = meantKey(key);
    return meant === undefined ? [] : [`${key}: found a key that is not a setting, expected ${meant}`];
  });
  const reading = v.safeParse(SCHEMA, Object.fromEntries(given));
  const faults = (reading.issues ?? []).map((issue) => `${v.getDotPath(issue)}: ${withoutCredentials(issue.message)}`);
  if (mistyped.length > 0 || !reading.success) throw new SettingsError([...mistyped, ...faults].join("\n"));
  return reading.output;
}

/** A message quotes what it found, which may be a URL with a password in it. */
function withoutCredentials(message: string): string {
  return message.replace(/\/\/.*@/s, "//[redacted]@");
}

/** The setting that a key looks like which is none: up to a third of its letters may be wrong, missing or too many. */
function meantKey(key: string): string | undefined {
  const known = Object.keys(SETTINGS.entries);
  if (known.includes(key)) return undefined;
  const [nearest] = known
    .map((setting) => ({ setting, edits: editDistance(key.toLowerCase(), setting.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  return nearest !== undefined && nearest.edits <= nearest.setting.length / 3 ? nearest.setting : undefined;
}

/** How many letters must be put in, left out or replaced to make one word of another (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
