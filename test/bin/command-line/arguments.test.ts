import { expect, it } from "vitest";
import { findCommand, readArguments } from "../../../bin/command-line/arguments.ts";

const TOKEN_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf";
const CLIENT_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf";
const NAMES = ["seed", "--token-secret", "xt/token", "--client-secret", "xt/client"];

const COMMANDS = ["status", "seed", "recover"];
const OPTIONS = {
  overwrite: { kind: "flag", meaning: "" },
  version: { kind: "value", placeholder: "<id>", meaning: "" },
} as const;

function read(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const command = findCommand(words, COMMANDS) === undefined ? undefined : { options: OPTIONS };
  return readArguments(words, environment, COMMANDS, command);
}

it("reads both secrets, the region and the command's own options from the command line", () => {
  const seen = read([...NAMES, "--region", "us-gov-west-1", "--overwrite", "--version", "v1"]);

  expect(seen).toMatchObject({
    kind: "command",
    given: { overwrite: true, version: "v1" },
    naming: {
      stackName: undefined,
      options: { TOKEN_SECRET_ID: "xt/token", CLIENT_SECRET_ID: "xt/client" },
      region: "us-gov-west-1",
    },
  });
});

it("takes from the environment what the command line leaves out", () => {
  const environment = { TOKEN_SECRET_ID: "env/token", CLIENT_SECRET_ID: "env/client", ESCROW_KEY_ID: "key-1" };

  const seen = read(["seed", "--client-secret=xt/client"], environment);

  expect(seen).toMatchObject({
    given: {},
    naming: { stackName: undefined, options: { CLIENT_SECRET_ID: "xt/client" }, environment },
  });
});

it.each([
  [["status"], {}, "XtTokenRotation"],
  [["status", "--stack", "other"], {}, "other"],
  [["status", "--stack", "other"], { TOKEN_SECRET_ID: "env/token" }, "other"],
])("after %j with %j asks a stack", (words, environment, stackName) => {
  expect(read(words, environment)).toMatchObject({ kind: "command", naming: { stackName } });
});

it("refuses a stack and a secret beside each other", () => {
  expect(read(["status", "--stack", "other", "--token-secret", "xt/token"])).toEqual({
    kind: "unusable",
    problems: ["--stack names both secrets, leave out --token-secret"],
  });
});

it("takes the region from an ARN", () => {
  const seen = read(["seed", "--token-secret", TOKEN_ARN, "--client-secret", CLIENT_ARN]);

  expect(seen).toMatchObject({ naming: { region: "eu-west-1" } });
});

it("refuses secrets in two regions", () => {
  const seen = read(["seed", "--token-secret", TOKEN_ARN, "--client-secret", CLIENT_ARN, "--region", "us-east-1"]);

  expect(seen).toEqual({
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
  const seen = read([...NAMES, ...extra]);

  expect(seen).toMatchObject({
    kind: "unusable",
    problems: expect.arrayContaining([
      expect.stringMatching(/^arguments? [678, ]+ (is|are) not expected .* must be considered exposed/),
    ]),
  });
  expect(JSON.stringify(seen)).not.toMatch(/hunter2|refresh-token/);
});

it.each(["eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2ln", "two words", "arn:aws:s3:::bucket"])(
  "refuses %j as the name of a secret and does not repeat it",
  (value) => {
    const seen = read(["seed", "--token-secret", "xt/token", "--client-secret", value]);

    expect(seen).toEqual({
      kind: "unusable",
      problems: [
        "--client-secret must be the name or ARN of a secret in Secrets Manager, what was given is neither and, if it is a secret itself, must be considered exposed",
      ],
    });
  },
);

it("does not repeat what cannot be the name of a stack", () => {
  expect(read(["status", "--stack", "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2ln"])).toEqual({
    kind: "unusable",
    problems: ["--stack must be the name of a stack such as XtTokenRotation"],
  });
});

it("finds every problem at once", () => {
  const seen = read([
    ...["seed", "status", "--token-secret", "--region", "--region=Europe", "--overwrite=yes", "--client-secret="],
    ...["--overwrite", "--version"],
  ]);

  expect(seen).toEqual({
    kind: "unusable",
    problems: [
      "--overwrite must be given once",
      expect.stringMatching(/^argument 4 is not expected/),
      "the command must be one of status, seed, recover, given once, got seed and status",
      "--version must have a value",
      "--token-secret is missing, give the secret's name or ARN or set TOKEN_SECRET_ID",
      "--client-secret is missing, give the secret's name or ARN or set CLIENT_SECRET_ID",
      "--region must be a region such as eu-west-1",
    ],
  });
});

it("refuses a value for a flag", () => {
  expect(read([...NAMES, "--overwrite=yes"])).toEqual({
    kind: "unusable",
    problems: ["--overwrite must stand without a value"],
  });
});

it("says which commands there are where none is given", () => {
  expect(read(["--region", "eu-west-1"])).toEqual({
    kind: "unusable",
    problems: ["the command must be one of status, seed, recover, given once, got none"],
  });
});

it.each([[["--help"]], [["-h"]], [["seed", "--help"]]])("helps when asked with %j", (words) => {
  expect(read(words)).toEqual({ kind: "help" });
});

it.each([
  [["--stack", "status", "seed"], "seed"],
  [["--region", "eu-west-1", "recover", "--version", "seed"], "recover"],
  [["nothing"], undefined],
])("finds in %j the command %s", (words, command) => {
  expect(findCommand(words, COMMANDS)).toBe(command);
});
