import { expect, it } from "vitest";
import {
  ExchangeOutcomeUnknown,
  FenceUnreadable,
  InvalidConfiguration,
  InvalidEvent,
  NotEnoughTime,
  PairNotStored,
  PromotionRefused,
  RefreshTokenUnreadable,
  RotationError,
  RotationRejected,
  StoreUnavailable,
  TokenEndpointUnreachable,
  TooManySteps,
  UnexpectedFailure,
} from "../../lambda/rotation/errors.ts";

/** All that an error shows when it is printed, in the shape in which alarms and people match it. */
type Shown = readonly [error: RotationError, name: string, message: string, evidence: object];

const ERRORS: readonly Shown[] = [
  [
    new InvalidConfiguration(["A is missing", "B is missing"]),
    "InvalidConfiguration",
    "the configuration is invalid: A is missing; B is missing",
    { code: "CONFIGURATION" },
  ],
  [
    new InvalidEvent(["froce is unknown", "force must be a boolean"]),
    "InvalidEvent",
    "the event is invalid: froce is unknown; force must be a boolean",
    { code: "EVENT" },
  ],
  [
    new StoreUnavailable("secretsmanager", "DescribeSecret", "token-secret", "TimeoutError"),
    "StoreUnavailable",
    "DescribeSecret on token-secret failed with TimeoutError, the next tick tries again",
    { code: "TimeoutError", operation: "DescribeSecret" },
  ],
  [
    new StoreUnavailable("secretsmanager", "GetSecretValue", "token-secret", "ResourceNotFoundException"),
    "StoreUnavailable",
    "GetSecretValue on token-secret failed with ResourceNotFoundException, check the secret's name and the Region",
    { code: "ResourceNotFoundException", operation: "GetSecretValue" },
  ],
  [
    new StoreUnavailable("ssm", "GetParameter", "/xt/pair", "AccessDeniedException"),
    "StoreUnavailable",
    "GetParameter on /xt/pair failed with AccessDeniedException, a dead attempt's pair may be there: let the role reach SSM",
    { code: "AccessDeniedException", operation: "GetParameter" },
  ],
  [
    new StoreUnavailable("secretsmanager", "PutSecretValue", "token-secret", "AccessDeniedException"),
    "StoreUnavailable",
    "PutSecretValue on token-secret failed with AccessDeniedException, " +
      "allow secretsmanager:PutSecretValue, and the secret's key, to whoever runs this",
    { code: "AccessDeniedException", operation: "PutSecretValue" },
  ],
  [
    new StoreUnavailable("secretsmanager", "GetSecretValue", "token-secret", "DecryptionFailure"),
    "StoreUnavailable",
    "GetSecretValue on token-secret failed with DecryptionFailure, check that the secret's key is enabled and may be used",
    { code: "DecryptionFailure", operation: "GetSecretValue" },
  ],
  [
    new StoreUnavailable("secretsmanager", "DescribeSecret", "token-secret", "InvalidRequestException"),
    "StoreUnavailable",
    "DescribeSecret on token-secret failed with InvalidRequestException, restore the secret if it is scheduled for deletion",
    { code: "InvalidRequestException", operation: "DescribeSecret" },
  ],
  [
    new FenceUnreadable(),
    "FenceUnreadable",
    "another run holds the fence and its record cannot be read, if this lasts reauthorize with npx xt-token authorize --redirect-uri <URI>",
    { code: "FENCE" },
  ],
  [
    new RefreshTokenUnreadable("v2"),
    "RefreshTokenUnreadable",
    "XT's answer broke off before its refresh token, reauthorize before the access token in use expires",
    { code: "CUT_OFF", versionId: "v2" },
  ],
  [
    new NotEnoughTime(10_000, 50_000),
    "NotEnoughTime",
    "10000 ms are left and a rotation needs 50000 ms, raise the function's timeout",
    { code: "TIME" },
  ],
  [
    new RotationRejected({ mc: "AUTH_001", status: 200, attempt: 2 }, "do this"),
    "RotationRejected",
    "XT refused the refresh token with AUTH_001 (HTTP 200), do this",
    { code: "AUTH_001", status: 200, attempt: 2 },
  ],
  [
    new TokenEndpointUnreachable("ENOTFOUND", 2),
    "TokenEndpointUnreachable",
    "the token endpoint was not reached (ENOTFOUND), nothing is spent and a later tick tries again",
    { code: "ENOTFOUND", attempt: 2 },
  ],
  [
    new ExchangeOutcomeUnknown("HTTP_503", 2),
    "ExchangeOutcomeUnknown",
    "the exchange ended without a usable answer (HTTP_503), a later tick settles it",
    { code: "HTTP_503", attempt: 2 },
  ],
  [
    new PairNotStored("TimeoutError"),
    "PairNotStored",
    "XT granted a pair and no store took it in time (TimeoutError), a person must reauthorize",
    { code: "TimeoutError" },
  ],
  [
    new PromotionRefused("v2", "AccessDeniedException"),
    "PromotionRefused",
    "AWSCURRENT could not be moved to v2 (AccessDeniedException), the pair is safe and the next tick tries again",
    { code: "AccessDeniedException" },
  ],
  [
    new TooManySteps(6),
    "TooManySteps",
    "the state did not come to rest in 6 steps, the next tick looks again",
    { code: "STEPS" },
  ],
  [
    new UnexpectedFailure("TypeError", ["    at rotate (index.mjs:1:2)"]),
    "UnexpectedFailure",
    "an unforeseen TypeError ended the run",
    { code: "TypeError", frames: ["    at rotate (index.mjs:1:2)"] },
  ],
];

it.each(ERRORS.map(([error, ...shown]) => [shown[0], error, shown] as const))(
  "%s says what was found and carries its evidence and nothing else",
  (_, error, [name, message, evidence]) => {
    expect(error).toBeInstanceOf(RotationError);
    expect(error.message).toBe(message);
    expect({ ...error }).toEqual({ name, ...evidence });
    expect("cause" in error).toBe(false);
  },
);
