import { expect, it } from "vitest";
import { describeRotationFailure } from "../../../bin/rotate/rotation-failure.ts";
import {
  ExchangeOutcomeUnknown,
  FenceUnreadable,
  NotEnoughTime,
  PairEscrowed,
  PairNotStored,
  PromotionRefused,
  RefreshTokenUnreadable,
  RotationRejected,
  StoreUnavailable,
  TokenEndpointUnreachable,
} from "../../../lambda/rotation/errors.ts";
import { NOW_MS, sight } from "../fixtures/sight.ts";

it.each([
  [
    new RotationRejected({ mc: "AUTH_001", status: 200, attempt: 1 }, "do this"),
    /next: npx xt-token authorize .*, and if XT refuses that code too, .* no longer XT's: npx xt-token seed --credentials-only/,
  ],
  [new ExchangeOutcomeUnknown("ECONNRESET", 1), /leave it alone until 2026-11-23 12:12:00Z, then npx xt-token status/],
  [new PairNotStored("InternalServiceError"), /next: npx xt-token authorize/],
  [new RefreshTokenUnreadable("v2"), /next: npx xt-token authorize/],
  [new PairEscrowed("v2", "InternalServiceError"), /next: npx xt-token status .*, a tick brings the pair home/],
  [new PromotionRefused("v2", "AccessDeniedException"), /next: npx xt-token doctor/],
  [new StoreUnavailable("PutSecretValue", "xt/token", "AccessDeniedException"), /next: npx xt-token doctor/],
  [new TokenEndpointUnreachable("ECONNREFUSED", 1), /next: npx xt-token doctor/],
  [new FenceUnreadable(), /next: npx xt-token recover/],
  [new NotEnoughTime(1, 2), /next: npx xt-token status/],
])("after %s says what to type", (error, next) => {
  const sentence = describeRotationFailure(sight().target, error, NOW_MS);

  expect(sentence.startsWith(`${error.name}: `)).toBe(true);
  expect(sentence).toMatch(next);
});
