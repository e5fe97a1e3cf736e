import { expect, it } from "vitest";
import { RequestQuota } from "../../../sandbox/xt/request-quota.ts";

it("locks the address that sent too much, and no other", () => {
  const quota = new RequestQuota();
  for (let nth = 1; nth <= 1_000; nth += 1) quota.admits("192.0.2.1", 0);

  const admitted = [quota.admits("192.0.2.1", 59_999), quota.admits("192.0.2.2", 59_999)];

  expect(admitted).toEqual([false, true]);
});

it("does not prolong a lock for what is sent during it", () => {
  const quota = new RequestQuota();
  for (let nth = 1; nth <= 1_001; nth += 1) quota.admits("192.0.2.1", 0);

  const admitted = [599_999, 600_000].map((nowMs) => quota.admits("192.0.2.1", nowMs));

  expect(admitted).toEqual([false, true]);
});
