import { expect } from "vitest";
import type { Fleet } from "./deployment.ts";
import { deployment, itRuns } from "./played.ts";

function fleet(): Fleet {
  const { fleet } = deployment();
  if (fleet === undefined) throw new Error("the function was not run");
  return fleet;
}

itRuns("connects users at the same time, whatever AWS refuses or leaves unanswered meanwhile", () => {
  // given a fleet of 200, of which half meets trouble
  // when
  const { "code-delivered-twice": twice, ...others } = byTrouble(fleet().deliveries);

  // then
  expect(others).toEqual({
    none: { "authorized, authorized": 45 },
    "create-secret-unanswered": { "authorized, authorized": 20 },
    "stage-refused": { "authorized, authorized": 20 },
    "stage-unanswered": { "authorized, authorized": 20 },
    "publication-refused": { "authorized, authorized": 20 },
    "schedule-refused": { "authorized, authorized": 20 },
    "promotion-refused": { PromotionRefused: 20 },
    "after-exchange": { "Runtime.ExitError": 5 },
    "after-stage": { "Runtime.ExitError": 5 },
    "after-promotion": { "Runtime.ExitError": 5 },
  });
  expect(Object.keys(Object(twice)).filter((endings) => !endings.includes("authorized, authorized"))).toEqual([]);
});

itRuns("shows XT each code once, though some are delivered twice or again", () => {
  // given 5 users who begin again, since their run died with XT's answer
  // when
  const { exchanges, second } = fleet();

  // then
  expect(exchanges).toBe(205);
  expect(second).toEqual({
    "after-exchange: authorized, authorized": 5,
    "after-promotion: authorized, authorized": 5,
  });
});

itRuns("makes by the first census the schedules that no authorization came to make, and misses nobody", () => {
  // given 20 users without a schedule, 20 whose pair could not be put in use, and 5 whose run died before that
  // when
  const census = Object(fleet().firstCensus);

  // then: 200, default, and the two who were connected before
  expect(census).toMatchObject({ connections: 203, unattended: [], unattendedCount: 0 });
  expect(census.mended).toHaveLength(45);
});

itRuns("brings every pair home at the first tick", () => {
  // given 25 users whose pair is stored and not in use
  // when
  const { ticks } = fleet();

  // then
  expect(ticks).toEqual({ "a census": 1, "idle, not-due": 178, "settled, settled": 25 });
});

itRuns("makes a deleted schedule again, corrects one that was led astray, and names the disabled ones", () => {
  // given a fleet to which people did harm
  // when
  const { connections, unattended, mended } = Object(fleet().secondCensus);

  // then
  expect(connections).toBe(203);
  expect([...mended].sort()).toEqual(["trader-1", "trader-19", "trader-21"]);
  expect(unattended).toEqual([
    { connection: "trader-9", why: "its schedule is disabled" },
    { connection: "trader-11", why: "its schedule is disabled" },
  ]);
});

itRuns("has nothing to mend at the third census, and still names the disabled schedules", () => {
  // given a fleet that was mended
  // when
  const { thirdCensus } = fleet();

  // then
  expect(thirdCensus).toMatchObject({ mended: [], unattendedCount: 2 });
});

itRuns(
  "loses and mixes nothing: each user has a living pair of his own in use, its published token and a schedule",
  () => {
    // given a fleet that went through all this
    // when
    const { held, refreshTokens } = fleet();

    // then
    expect(held).toEqual({ well: 200 });
    expect(refreshTokens).toBe(200);
  },
);

itRuns("shows no code and no token of a fleet in what the function prints", () => {
  // given a fleet whose users came one after another to the same processes
  // when
  const { leaks } = fleet();

  // then
  expect(leaks).toBe(0);
});

function byTrouble(deliveries: Fleet["deliveries"]): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const troubles: Record<string, Record<string, number>> = {};
  for (const [words, count] of Object.entries(deliveries)) {
    const [trouble = "", endings = ""] = words.split(": ");
    troubles[trouble] = { ...troubles[trouble], [endings]: count };
  }
  return troubles;
}
