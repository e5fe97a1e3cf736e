/**
 * What the version before this one left in the token secret and in the escrow, as its own bundle wrote it against the stand-ins. Nothing
 * here is ever changed: deployments hold such values. Where a later version writes another document, its states are added.
 */
export interface State {
  readonly name: string;
  /** When the new version is deployed, ISO 8601. */
  readonly at: string;
  /** Oldest first. */
  readonly versions: readonly StoredVersion[];
  /** Pairs by the id of the version that they are meant for. */
  readonly escrow?: Readonly<Record<string, object>>;
  /** How the first tick of the new version ends, and how often XT is asked until all is well. */
  readonly first: "rotated" | "settled" | "idle";
  readonly exchanges: number;
}

export interface StoredVersion {
  readonly at: string;
  readonly versionId: string;
  readonly labels: readonly string[];
  readonly value: object;
}

/** Stands in the place of the refresh token that XT takes. */
export const LIVE = "LIVE";

const SEED_ID = "00000000-0000-4000-8000-000000000002";
const FIRST_ATTEMPT_ID = "5d839d51794a7d1a20aa32dd772b3f7e62e646ae3d54b30c6a6a5c8c68bd8f59";
const FIRST_PAIR_ID = "40c0b1b9e87d4e484ed66daa01df2deb021704b9ef196036569672a75445d073";
const SECOND_ATTEMPT_ID = "d726886116775086c610f001e7ff80f226572f2304290d81c29f8ebe6012d81d";
/** The second pair's, or its void record's. */
const SECOND_PAIR_ID = "882b41384acf66324cc2d4e1127a5edd7c494d6dd090b74ce56798c341ce39f7";
const THIRD_ATTEMPT_ID = "920343a2c861b22ca68a1ffecb62bfe21652d63e995a3df276018c966618c4cf";

const MIDNIGHT = "2025-01-01T00:00:00.000Z";
const MORNING = "2025-01-01T08:00:00.000Z";
const DUE = "2025-01-01T16:00:00.000Z";
const AN_HOUR_LATER = "2025-01-01T17:00:00.000Z";
const TWO_HOURS_LATER = "2025-01-01T18:00:00.000Z";

const version = (at: string, versionId: string, value: object, ...labels: readonly string[]): StoredVersion => {
  return { at, versionId, labels, value };
};

const seed = (refreshToken: string, ...labels: readonly string[]) =>
  version(MIDNIGHT, SEED_ID, { refresh_token: refreshToken }, ...labels);

const firstAttempt = (...labels: readonly string[]) => {
  const value = {
    schema: 1,
    kind: "attempt",
    parent: SEED_ID,
    attempt: 1,
    run: "00000000-0000-4000-8000-000000000001",
    nonce: "d6ac52d7-aae5-404c-9be9-530881c9c22f",
    started_at: "2025-01-01T00:00:00.142Z",
    deadline_at: "2025-01-01T00:02:00.035Z",
  };
  return version(MIDNIGHT, FIRST_ATTEMPT_ID, value, ...labels);
};

const FIRST_PAIR = {
  schema: 1,
  client_id: "35LF2FSLHX5IRQA4",
  user_id: "12345678",
  scope: "userinfo",
  access_token: "access-token",
  expires_at: "2025-01-02T00:00:00.000Z",
  refresh_token: LIVE,
  refresh_expires_at: "2025-06-30T00:00:00.000Z",
  issued_at: "2025-01-01T00:00:00.155Z",
  parent: SEED_ID,
  attempt: 1,
};

const firstPair = (refreshToken: string, ...labels: readonly string[]) =>
  version(MIDNIGHT, FIRST_PAIR_ID, { ...FIRST_PAIR, refresh_token: refreshToken }, ...labels);

const secondAttempt = (...labels: readonly string[]) => {
  const value = {
    schema: 1,
    kind: "attempt",
    parent: FIRST_PAIR_ID,
    attempt: 1,
    run: "00000000-0000-4000-8000-000000000002",
    nonce: "67c85091-dec5-43f4-a522-defd8ef76919",
    started_at: "2025-01-01T16:00:00.061Z",
    deadline_at: "2025-01-01T16:02:00.054Z",
  };
  return version(DUE, SECOND_ATTEMPT_ID, value, ...labels);
};

const SECOND_PAIR = {
  ...FIRST_PAIR,
  access_token: "second-access-token",
  expires_at: "2025-01-02T16:00:00.000Z",
  refresh_expires_at: "2025-06-30T16:00:00.000Z",
  issued_at: "2025-01-01T16:00:00.032Z",
  parent: FIRST_PAIR_ID,
};

const VOID = version(
  AN_HOUR_LATER,
  SECOND_PAIR_ID,
  { schema: 1, kind: "void", parent: FIRST_PAIR_ID, attempt: 1 },
  "XT_VOID",
);

const THIRD_ATTEMPT = version(
  AN_HOUR_LATER,
  THIRD_ATTEMPT_ID,
  {
    schema: 1,
    kind: "attempt",
    parent: FIRST_PAIR_ID,
    attempt: 2,
    run: "00000000-0000-4000-8000-000000000003",
    nonce: "a5a32bc7-223c-4eda-8500-7b76efc7e91b",
    started_at: "2025-01-01T17:00:00.087Z",
    deadline_at: "2025-01-01T17:02:00.060Z",
  },
  "XT_ATTEMPT",
);

/** 30 and 180 days that were read as milliseconds: both tokens look as if they had expired long ago. */
const FIRST_PAIR_BY_MILLISECONDS = {
  ...FIRST_PAIR,
  expires_at: "2025-01-01T00:43:12.155Z",
  refresh_expires_at: "2025-01-01T04:19:12.155Z",
};

const RENEWED_ONCE = [seed("spent", "AWSPREVIOUS"), firstAttempt()];

export const STATES: readonly State[] = [
  {
    name: "a pair that was seeded",
    at: MIDNIGHT,
    first: "rotated",
    exchanges: 1,
    versions: [seed(LIVE, "AWSCURRENT")],
  },
  {
    name: "a pair that is not due",
    at: MORNING,
    first: "idle",
    exchanges: 0,
    versions: [seed("spent", "AWSPREVIOUS"), firstAttempt("XT_ATTEMPT"), firstPair(LIVE, "AWSCURRENT", "XT_ISSUED")],
  },
  {
    name: "a pair that is due",
    at: AN_HOUR_LATER,
    first: "rotated",
    exchanges: 1,
    versions: [seed("spent", "AWSPREVIOUS"), firstAttempt("XT_ATTEMPT"), firstPair(LIVE, "AWSCURRENT", "XT_ISSUED")],
  },
  {
    name: "a pair whose lifetimes were read as milliseconds",
    at: AN_HOUR_LATER,
    first: "rotated",
    exchanges: 1,
    versions: [
      seed("spent", "AWSPREVIOUS"),
      firstAttempt("XT_ATTEMPT"),
      version(MIDNIGHT, FIRST_PAIR_ID, FIRST_PAIR_BY_MILLISECONDS, "AWSCURRENT", "XT_ISSUED"),
    ],
  },
  {
    name: "an attempt that died before it reached XT",
    at: AN_HOUR_LATER,
    first: "rotated",
    exchanges: 1,
    versions: [...RENEWED_ONCE, firstPair(LIVE, "AWSCURRENT", "XT_ISSUED"), secondAttempt("XT_ATTEMPT")],
  },
  {
    name: "an attempt that certainly spent nothing",
    at: AN_HOUR_LATER,
    first: "rotated",
    exchanges: 1,
    versions: [...RENEWED_ONCE, firstPair(LIVE, "AWSCURRENT", "XT_ISSUED"), secondAttempt("XT_ATTEMPT", "XT_UNSPENT")],
  },
  {
    name: "a void record, and an open attempt after it",
    at: TWO_HOURS_LATER,
    first: "rotated",
    exchanges: 1,
    versions: [...RENEWED_ONCE, firstPair(LIVE, "AWSCURRENT", "XT_ISSUED"), secondAttempt(), VOID, THIRD_ATTEMPT],
  },
  {
    name: "a pair in the escrow",
    at: AN_HOUR_LATER,
    first: "settled",
    exchanges: 0,
    versions: [...RENEWED_ONCE, firstPair("spent", "AWSCURRENT", "XT_ISSUED"), secondAttempt("XT_ATTEMPT")],
    escrow: { [SECOND_PAIR_ID]: SECOND_PAIR },
  },
  {
    name: "a pair that was staged and not promoted",
    at: AN_HOUR_LATER,
    first: "settled",
    exchanges: 0,
    versions: [
      ...RENEWED_ONCE,
      firstPair("spent", "AWSCURRENT"),
      secondAttempt("XT_ATTEMPT"),
      version(DUE, SECOND_PAIR_ID, SECOND_PAIR, "XT_ISSUED"),
    ],
  },
];
