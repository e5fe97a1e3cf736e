import { expect, it } from "vitest";
import { countOf, type Request, stagingsOf } from "./traffic.ts";

function request(operation: string, roundTrip: number, answeredAtMs: number, isReused = true): Request {
  return { to: operation === "token" ? "xt" : "aws", operation, roundTrip, answeredAtMs, isReused };
}

/** A tick that looks with two reads at once, and rotates. */
const ROTATION = [
  request("DescribeSecret", 1, 10, false),
  request("GetSecretValue", 1, 11, false),
  request("PutSecretValue", 2, 20),
  request("token", 3, 30, false),
  request("PutSecretValue", 4, 42.5),
  request("UpdateSecretVersionStage", 5, 50),
];

it("counts what was sent at once as one round trip, and the exchange as none of AWS's", () => {
  // given
  // when
  const count = countOf(ROTATION, 2);

  // then
  expect(count).toEqual({ awsRequests: 5, xtRequests: 1, awsConnections: 2, awsRoundTrips: 4 });
});

it("takes the first write after the exchange for the pair's, and not the one before it", () => {
  // given
  const traffic = { requests: ROTATION, connections: { aws: 2, xt: 1 }, granted: 1, isNewestCurrent: true };

  // when
  const stagings = stagingsOf(traffic);

  // then
  expect(stagings).toEqual([{ isReused: true, exposureMs: 12.5 }]);
});
