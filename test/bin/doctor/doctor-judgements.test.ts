import { expect, it } from "vitest";
import { judgeKeys } from "../../../bin/doctor/check-encryption.ts";
import { judgeClock, judgeProbe } from "../../../bin/doctor/check-network.ts";
import { judgeSchedule } from "../../../bin/doctor/check-schedule.ts";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111";
const KEY_ID = "11111111-1111-1111-1111-111111111111";
const STACK = { stackName: "stack-1", functionName: "rotation:live" };
const SCHEDULE = {
  state: "ENABLED",
  expression: "rate(15 minutes)",
  targetArn: "arn:aws:lambda:eu-west-1:123456789012:function:rotation:live",
};

it.each([
  [{ token: undefined, client: undefined, escrow: { keyId: undefined } }, "good", /account's key aws\/secretsmanager/],
  [{ token: "alias/aws/secretsmanager", client: undefined, escrow: undefined }, "good", /account's key/],
  [{ token: KEY, client: KEY, escrow: { keyId: KEY_ID } }, "good", /^both secrets and the escrow have key 1111/],
  [{ token: KEY, client: KEY, escrow: { keyId: undefined } }, "bad", /has key 1111.*, and the escrow .* aws\/ssm key$/],
  [{ token: KEY, client: KEY, escrow: { keyId: "other" } }, "warning", /^the escrow has key other, .* 1111/],
  [{ token: undefined, client: undefined, escrow: { keyId: KEY } }, "warning", /token secret aws\/secretsmanager$/],
  [{ token: KEY, client: undefined, escrow: { keyId: KEY } }, "warning", /different keys, 1111.* and aws\/secretsm/],
])("judges the keys %j", (keys, kind, sentence) => {
  expect(judgeKeys(keys)).toMatchObject({ kind, sentence: expect.stringMatching(sentence) });
});

it.each([
  ["ENOTFOUND", {}, /has no address here \(ENOTFOUND\)$/, /DNS/],
  ["ECONNREFUSED", {}, /is not reached from here \(ECONNREFUSED\)$/, /firewall/],
  [
    "TIMEOUT",
    { HTTPS_PROXY: "http://kim:hunter2@proxy" },
    /HTTPS_PROXY is set, and tokens go through no proxy/,
    /direct/,
  ],
  ["SELF_SIGNED_CERT_IN_CHAIN", {}, /a certificate that is not trusted .* a proxy looks into TLS$/, /without TLS/],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", {}, /a certificate that is not trusted/, /without TLS/],
  ["CERT_HAS_EXPIRED", {}, /a certificate that does not hold \(CERT_HAS_EXPIRED\)/, /clock/],
  ["ERR_TLS_CERT_ALTNAME_INVALID", {}, /a certificate that does not hold/, /base URL/],
])("tells apart why XT is not reached: %s with %j", (code, environment, sentence, next) => {
  const remark = judgeProbe("xt.example", { kind: "failed", code }, environment);

  expect(remark).toEqual({
    kind: "bad",
    sentence: expect.stringMatching(sentence),
    next: expect.stringMatching(next),
  });
  expect(remark.sentence).not.toContain("hunter2");
});

it.each([
  [200, "good"],
  [404, "good"],
  [405, "good"],
  [503, "warning"],
])("takes an answer with HTTP %s for %s", (status, kind) => {
  expect(judgeProbe("xt.example", { kind: "answered", status, date: undefined }, {})).toMatchObject({ kind });
});

it.each([401, 403, 407, 451])("takes an answer with HTTP %s for a block that stands before XT", (status) => {
  expect(judgeProbe("xt.example", { kind: "answered", status, date: undefined }, {})).toEqual({
    kind: "warning",
    sentence: `xt.example answers with HTTP ${status}, as a firewall, a proxy or a region block before XT does`,
    next: "allow direct connections to this host, and check that XT serves the region that you call from",
  });
});

it.each([418, 429])("tells to wait after HTTP %s, since XT locks who asks too often", (status) => {
  expect(judgeProbe("xt.example", { kind: "answered", status, date: undefined }, {})).toEqual({
    kind: "warning",
    sentence: `xt.example answers with HTTP ${status}, it was asked too often from here`,
    next: "try again in 10 minutes",
  });
});

it.each([
  [{ AWS: 120_000, XT: -120_000 }, "good", "this machine's clock agrees with AWS and XT to within 2 min"],
  [{ AWS: 0, XT: undefined }, "good", "this machine's clock agrees with AWS to within 2 min"],
  [{ AWS: 180_000, XT: 0 }, "warning", "this machine's clock is 3 min ahead of AWS's"],
  [{ AWS: -420_000, XT: -180_000 }, "bad", "this machine's clock is 7 min behind AWS's and 3 min behind XT's"],
  [{ AWS: undefined, XT: undefined }, "unchecked", "neither AWS nor XT answered, so nothing to compare with"],
])("judges a clock that is ahead by %j", (aheadMs, kind, sentence) => {
  expect(judgeClock(aheadMs)).toMatchObject({ kind, sentence });
});

it.each([
  [SCHEDULE, "good", "rate(15 minutes), enabled, invokes rotation:live"],
  [{ ...SCHEDULE, state: "DISABLED" }, "bad", "the schedule is DISABLED, so that nothing ticks"],
  [{ ...SCHEDULE, targetArn: "arn:aws:lambda:eu-west-1:123456789012:function:old:live" }, "bad", /not invoke rotation/],
])("judges the schedule %j", (schedule, kind, sentence) => {
  expect(judgeSchedule(STACK, schedule)).toMatchObject({
    kind,
    sentence: typeof sentence === "string" ? sentence : expect.stringMatching(sentence),
  });
});
