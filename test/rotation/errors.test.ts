import { expect, it } from "vitest";
import { AuthorizationFailed, AuthorizationRejected } from "../../lambda/rotation/authorization-errors.ts";
import {
  ExchangeOutcomeUnknown,
  FenceUnreadable,
  InvalidConfiguration,
  InvalidEvent,
  NotEnoughTime,
  NotPromotable,
  RefreshTokenUnreadable,
  RequestTurnedAway,
  RotationError,
  RotationRejected,
  TokenEndpointUnreachable,
  TooManySteps,
  UnexpectedFailure,
} from "../../lambda/rotation/errors.ts";
import { PairEscrowed, PairNotStored, PromotionRefused, StoreUnavailable } from "../../lambda/rotation/store-errors.ts";

/** All that an error shows when it is printed, in the shape in which alarms and people match it. */
type Shown = readonly [error: RotationError, name: string, message: string, evidence: object];

const ERRORS: readonly Shown[] = [
  [
    new InvalidConfiguration(["A is missing", "B is missing"]),
    "InvalidConfiguration",
    "the configuration is invalid: A is missing; B is missing",
    { code: "CONFIGURATION", severity: 4 },
  ],
  [
    new InvalidEvent(["froce is unknown in the event", "force must be a boolean"]),
    "InvalidEvent",
    "the event is invalid: froce is unknown in the event; force must be a boolean",
    { code: "EVENT", severity: 3 },
  ],
  [
    new StoreUnavailable("secretsmanager", "DescribeSecret", "token-secret", "TimeoutError"),
    "StoreUnavailable",
    "DescribeSecret on token-secret failed with TimeoutError, the next tick tries again",
    { code: "TimeoutError", severity: 3, operation: "DescribeSecret" },
  ],
  [
    new StoreUnavailable("secretsmanager", "CreateSecret", "xt/desk-a/pair", "ThrottlingException"),
    "StoreUnavailable",
    "CreateSecret on xt/desk-a/pair failed with ThrottlingException, nothing is spent, try again",
    { code: "ThrottlingException", severity: 3, operation: "CreateSecret" },
  ],
  [
    new StoreUnavailable("secretsmanager", "GetSecretValue", "token-secret", "ResourceNotFoundException"),
    "StoreUnavailable",
    "GetSecretValue on token-secret failed with ResourceNotFoundException, " +
      "it does not exist in this Region, check the name and the Region",
    { code: "ResourceNotFoundException", severity: 4, operation: "GetSecretValue" },
  ],
  [
    new StoreUnavailable("ssm", "GetParameter", "/xt/pair", "AccessDeniedException"),
    "StoreUnavailable",
    "GetParameter on /xt/pair failed with AccessDeniedException, " +
      "allow the function's role ssm:GetParameter, and the use of the key",
    { code: "AccessDeniedException", severity: 4, operation: "GetParameter" },
  ],
  [
    new StoreUnavailable("secretsmanager", "GetSecretValue", "token-secret", "DecryptionFailure"),
    "StoreUnavailable",
    "GetSecretValue on token-secret failed with DecryptionFailure, " +
      "check that the key is enabled and that the function's role may use it",
    { code: "DecryptionFailure", severity: 3, operation: "GetSecretValue" },
  ],
  [
    new StoreUnavailable("secretsmanager", "DescribeSecret", "token-secret", "InvalidRequestException"),
    "StoreUnavailable",
    "DescribeSecret on token-secret failed with InvalidRequestException, if the secret is scheduled for deletion, restore it",
    { code: "InvalidRequestException", severity: 4, operation: "DescribeSecret" },
  ],
  [
    new NotEnoughTime(10_000, 50_000),
    "NotEnoughTime",
    "10000 ms are left and a rotation needs 50000 ms, nothing is spent and the next tick tries again",
    { code: "TIME", severity: 3 },
  ],
  [
    new FenceUnreadable(),
    "FenceUnreadable",
    "another run wrote this attempt first and its record cannot be read, nothing is spent, if later ticks say the same, type npx --no xt-token authorize",
    { code: "FENCE", severity: 3 },
  ],
  [
    new RotationRejected({ code: "AUTH_001", status: 200, attempt: 2 }, { severity: 4, message: "the pair is lost" }),
    "RotationRejected",
    "XT answered AUTH_001 (HTTP 200): the pair is lost",
    { code: "AUTH_001", severity: 4, status: 200, attempt: 2 },
  ],
  [
    new AuthorizationRejected({ code: "invalid_grant", status: 400 }),
    "AuthorizationRejected",
    "XT refused the authorization code with invalid_grant (HTTP 400), it is used, expired, or issued to another client " +
      "or redirect URI: type npx --no xt-token authorize and open its new link, and if XT refuses that code too, get the client secret " +
      "at XT and type npx --no xt-token seed --credentials-only first",
    { code: "invalid_grant", severity: 4, status: 400 },
  ],
  [
    new AuthorizationFailed("the answer got lost", "ECONNRESET"),
    "AuthorizationFailed",
    "the answer got lost, type npx --no xt-token authorize and open its new link",
    { code: "ECONNRESET", severity: 4 },
  ],
  [
    new RequestTurnedAway(403, 2),
    "RequestTurnedAway",
    "something before XT refused the request with HTTP 403, nothing is spent and a later tick tries again, " +
      "check the network: firewall, proxy, and whether XT serves the Region of this function",
    { code: "HTTP_403", severity: 3, status: 403, attempt: 2 },
  ],
  [
    new TokenEndpointUnreachable("ENOTFOUND", 2),
    "TokenEndpointUnreachable",
    "the token endpoint was not reached (ENOTFOUND), nothing is spent and a later tick tries again",
    { code: "ENOTFOUND", severity: 3, attempt: 2 },
  ],
  [
    new ExchangeOutcomeUnknown("HTTP_503", 2),
    "ExchangeOutcomeUnknown",
    "the exchange ended without a usable answer (HTTP_503), the token may be spent, a later tick looks for the pair",
    { code: "HTTP_503", severity: 3, attempt: 2 },
  ],
  [
    new PairEscrowed("v2", "TimeoutError"),
    "PairEscrowed",
    "Secrets Manager did not take the pair in time (TimeoutError), it is safe in the escrow and a later tick puts it in use",
    { code: "TimeoutError", severity: 3, versionId: "v2" },
  ],
  [
    new PairEscrowed("v2", "TimeoutError", "person"),
    "PairEscrowed",
    "Secrets Manager did not take the pair in time (TimeoutError), it is safe in the escrow, once Secrets Manager works again " +
      "type npx --no xt-token recover --promote v2",
    { code: "TimeoutError", severity: 4, versionId: "v2" },
  ],
  [
    new PairNotStored("TimeoutError"),
    "PairNotStored",
    "XT granted a pair and no store took it in time (TimeoutError), the pair is most likely lost, type npx --no xt-token authorize",
    { code: "TimeoutError", severity: 4 },
  ],
  [
    new RefreshTokenUnreadable("v2"),
    "RefreshTokenUnreadable",
    "XT's answer ended before its refresh token, type npx --no xt-token authorize before the access token in use expires",
    { code: "CUT_OFF", severity: 4, versionId: "v2" },
  ],
  [
    new PromotionRefused("v2", "InvalidParameterException"),
    "PromotionRefused",
    "AWSCURRENT could not be moved to v2 (InvalidParameterException), the pair is safe and the next tick tries again",
    { code: "InvalidParameterException", severity: 3 },
  ],
  [
    new PromotionRefused("v2", "AccessDeniedException"),
    "PromotionRefused",
    "AWSCURRENT could not be moved to v2 (AccessDeniedException), the pair is safe and the next tick tries again, " +
      "allow the function's role secretsmanager:UpdateSecretVersionStage",
    { code: "AccessDeniedException", severity: 4 },
  ],
  [
    new TooManySteps(6),
    "TooManySteps",
    "the state changed again after each of 6 steps, the next tick looks again",
    { code: "STEPS", severity: 3 },
  ],
  [
    new NotPromotable("v2", "it is not there"),
    "NotPromotable",
    "version v2 cannot be put in use: it is not there, type npx --no xt-token recover",
    { code: "VERSION", severity: 3 },
  ],
  [
    new UnexpectedFailure("TypeError", ["    at rotate (index.mjs:1:2)"]),
    "UnexpectedFailure",
    "an unexpected TypeError ended the run",
    { code: "TypeError", severity: 3, frames: ["    at rotate (index.mjs:1:2)"] },
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
