import { expect, it } from "vitest";
import { onSecret } from "../../../bin/command-line/aws-failure.ts";
import { StoreUnavailable } from "../../../lambda/rotation/errors.ts";

it.each([
  ["ThrottlingException", "AWS asks for fewer requests, wait a minute, then type the same command again"],
  ["LimitExceededException", "it has too many versions or labels, wait a day or remove labels that nobody uses"],
  ["TimeoutError", "check the network and the region, then type the same command again"],
])("says what to do about %s", async (code, remedy) => {
  const failing = onSecret("GetSecretValue", "xt/token", () => {
    return Promise.reject(new StoreUnavailable("DescribeSecret", "xt/token", code));
  });

  await expect(failing).rejects.toThrow(`DescribeSecret on xt/token failed with ${code}, ${remedy}`);
});
