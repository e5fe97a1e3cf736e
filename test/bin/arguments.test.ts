import { expect, it } from "vitest";
import { readArguments } from "../../bin/arguments.ts";

const TOKEN_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf";
const CLIENT_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf";
const NAMES = ["seed", "--token-secret", "xt/token", "--client-secret", "xt/client"];

it("reads both secrets, the region and the flag from the command line", () => {
  const read = readArguments([...NAMES, "--region", "us-gov-west-1", "--overwrite"], {});

  expect(read).toEqual({
    kind: "seed",
    request: { tokenSecretId: "xt/token", clientSecretId: "xt/client", overwrite: true, region: "us-gov-west-1" },
  });
});

it("takes from the environment what the command line leaves out", () => {
  const environment = { TOKEN_SECRET_ID: "env/token", CLIENT_SECRET_ID: "env/client" };

  const read = readArguments(["seed", "--client-secret=xt/client"], environment);

  expect(read).toEqual({
    kind: "seed",
    request: { tokenSecretId: "env/token", clientSecretId: "xt/client", overwrite: false, region: undefined },
  });
});

it("takes the region from an ARN", () => {
  const read = readArguments(["seed", "--token-secret", TOKEN_ARN, "--client-secret", CLIENT_ARN], {});

  expect(read).toMatchObject({ request: { tokenSecretId: TOKEN_ARN, region: "eu-west-1" } });
});

it("refuses secrets in two regions", () => {
  const read = readArguments(
    ["seed", "--token-secret", TOKEN_ARN, "--client-secret", CLIENT_ARN, "--region", "us-east-1"],
    {},
  );

  expect(read).toEqual({
    kind: "unusable",
    problems: ["both secrets and --region must be in one region, got eu-west-1 and us-east-1"],
  });
});

it.each([
  [["--refresh-token=hunter2hunter2"]],
  [["--refresh-token", "hunter2hunter2"]],
  [["--hunter2hunter2"]],
  [["-hunter2hunter2"]],
  [["hunter2hunter2"]],
  [["--", "hunter2hunter2"]],
  [["--help", "hunter2hunter2"]],
  [["--region", "--refresh-token=hunter2hunter2"]],
])("takes %j for an exposed secret and repeats nothing of it", (extra) => {
  const read = readArguments([...NAMES, ...extra], {});

  expect(read).toMatchObject({
    kind: "unusable",
    problems: expect.arrayContaining([
      expect.stringMatching(/^arguments? [678, ]+ (is|are) not expected .* must be considered exposed/),
    ]),
  });
  expect(JSON.stringify(read)).not.toMatch(/hunter2|refresh-token/);
});

it.each(["eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2ln", "two words", "arn:aws:s3:::bucket"])(
  "refuses %j as the name of a secret and does not repeat it",
  (value) => {
    const read = readArguments(["seed", "--token-secret", "xt/token", "--client-secret", value], {});

    expect(read).toEqual({
      kind: "unusable",
      problems: [
        "--client-secret must be the name or ARN of a secret in Secrets Manager, what was given is neither and, if it is a secret itself, must be considered exposed",
      ],
    });
  },
);

it("finds every problem at once", () => {
  const read = readArguments(
    ["--token-secret", "--region", "--region=Europe", "--overwrite=yes", "--client-secret="],
    {},
  );

  expect(read).toEqual({
    kind: "unusable",
    problems: [
      expect.stringMatching(/^argument 2 is not expected/),
      "the command must be seed, given once, got it 0 times",
      "--overwrite must stand without a value",
      "--token-secret is missing, give the secret's name or ARN or set TOKEN_SECRET_ID",
      "--client-secret is missing, give the secret's name or ARN or set CLIENT_SECRET_ID",
      "--region must be a region such as eu-west-1",
    ],
  });
});

it.each([[["--help"]], [["-h"]], [["seed", "--help"]]])("helps when asked with %j", (words) => {
  expect(readArguments(words, {})).toEqual({ kind: "help" });
});
