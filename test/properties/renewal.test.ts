import fc from "fast-check";
import { expect, it } from "vitest";
import { backoffMs, renewAtMs } from "../../lambda/rotation/renewal.ts";
import { pair } from "../rotation/given.ts";
import { instant } from "./arbitraries.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const unknownOr = (time: fc.Arbitrary<number>) => fc.option(time, { nil: undefined });

const anyPair = fc
  .record({ expiresAtMs: unknownOr(instant), refreshExpiresAtMs: unknownOr(instant), issuedAtMs: unknownOr(instant) })
  .map(({ issuedAtMs, ...times }) =>
    pair({ ...times, origin: issuedAtMs === undefined ? undefined : { parent: "v1", attempt: 1, issuedAtMs } }),
  );

/** The first eight digits of an id shift the renewal. */
const anyId = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((lot) => lot.toString(16).padStart(8, "0"));

it("renews at a whole millisecond, never before the pair's birth and never past an hour that nobody has to wait", () => {
  fc.assert(
    fc.property(anyPair, anyId, instant, (given, versionId, createdAtMs) => {
      const renewedAtMs = renewAtMs({ versionId, pair: given, createdAtMs });

      const bornAtMs = given.origin?.issuedAtMs ?? createdAtMs;
      const ends = [given.expiresAtMs, given.refreshExpiresAtMs].filter((end) => end !== undefined && end > bornAtMs);
      expect(Number.isSafeInteger(renewedAtMs)).toBe(true);
      expect(renewedAtMs).toBeGreaterThanOrEqual(bornAtMs);
      expect(renewedAtMs).toBeLessThanOrEqual(Math.max(bornAtMs + HOUR_MS, ...ends.map((end) => end ?? 0)));
    }),
    { numRuns: 500 },
  );
});

it("never renews an issued pair within half an hour, nor within an hour of several attempts", () => {
  const life = fc.oneof(unknownOr(instant), fc.integer({ min: -1, max: 7_200_000 }));
  fc.assert(
    fc.property(
      life,
      life,
      instant,
      anyId,
      fc.integer({ min: 1, max: 99 }),
      (accessMs, refreshMs, issuedAtMs, versionId, attempt) => {
        const endOf = (lifeMs: number | undefined) => (lifeMs === undefined ? undefined : issuedAtMs + lifeMs);
        const origin = { parent: "v1", attempt, issuedAtMs };
        const given = pair({ expiresAtMs: endOf(accessMs), refreshExpiresAtMs: endOf(refreshMs), origin });

        const waitMs = renewAtMs({ versionId, pair: given, createdAtMs: 0 }) - issuedAtMs;

        expect(waitMs).toBeGreaterThanOrEqual(attempt === 1 ? 30 * MINUTE_MS : HOUR_MS);
      },
    ),
    { numRuns: 500 },
  );
});

it("leaves a third of the life of whichever token dies first", () => {
  const lives = fc.tuple(fc.integer({ min: 1, max: 1e13 }), fc.integer({ min: 1, max: 1e13 }));
  fc.assert(
    fc.property(lives, fc.integer({ min: 0, max: 1e13 }), anyId, ([accessMs, refreshMs], bornAtMs, versionId) => {
      const given = pair({ expiresAtMs: bornAtMs + accessMs, refreshExpiresAtMs: bornAtMs + refreshMs });

      const leftMs =
        bornAtMs + Math.min(accessMs, refreshMs) - renewAtMs({ versionId, pair: given, createdAtMs: bornAtMs });

      expect(leftMs * 3).toBeGreaterThanOrEqual(Math.min(accessMs, refreshMs) - 1);
    }),
  );
});

it("never renews a pair sooner for living longer", () => {
  const times = fc.tuple(instant, fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 0, max: 1e12 }));
  fc.assert(
    fc.property(times, anyId, ([bornAtMs, lifeMs, moreMs], versionId) => {
      const short = renewAtMs({ versionId, pair: pair({ expiresAtMs: bornAtMs + lifeMs }), createdAtMs: bornAtMs });
      const long = renewAtMs({
        versionId,
        pair: pair({ expiresAtMs: bornAtMs + lifeMs + moreMs }),
        createdAtMs: bornAtMs,
      });

      expect(long).toBeGreaterThanOrEqual(short);
    }),
  );
});

it("backs off no shorter with each attempt, and between 14 and 59 minutes with all", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 1 }), (attempt) => {
      const wait = backoffMs(attempt);

      expect(wait).toBeGreaterThanOrEqual(14 * MINUTE_MS);
      expect(wait).toBeLessThanOrEqual(59 * MINUTE_MS);
      expect(backoffMs(attempt + 1)).toBeGreaterThanOrEqual(wait);
    }),
  );
});
