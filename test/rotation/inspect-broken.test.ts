import { expect, it } from "vitest";
import type { Inspection } from "../../lambda/inspection.ts";
import { inspect } from "../../lambda/rotation/inspect.ts";
import type { SecretDescription } from "../../lambda/rotation/ports.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { inspectScene, SETTINGS } from "./inspecting.ts";
import { createWorld, type Scene } from "./world.ts";

const denied = (operation: string) => () =>
  Promise.reject(new StoreUnavailable("secretsmanager", operation, "token-secret", "AccessDeniedException"));
const missing = (operation: string) => () =>
  Promise.reject(new StoreUnavailable("secretsmanager", operation, "token-secret", "ResourceNotFoundException"));
const away = () => Promise.reject(new StoreUnavailable("ssm", "GetParametersByPath", "/escrow/", "TimeoutError"));
const torn = async (): Promise<SecretDescription> => ({ arn: "arn:x", createdAtMs: 0, holders: new Map() });

it.each<[string, Scene, Partial<Inspection["verdict"]>, Inspection["verdict"]["severity"]]>([
  [
    "the secret is missing",
    {
      store: {
        describe: missing("DescribeSecret"),
        readCurrent: missing("GetSecretValue"),
        list: missing("ListSecretVersionIds"),
      },
    },
    { severity: 4, code: "store-unavailable" },
    4,
  ],
  [
    "everything is denied",
    {
      store: {
        describe: denied("DescribeSecret"),
        readCurrent: denied("GetSecretValue"),
        list: denied("ListSecretVersionIds"),
      },
    },
    { severity: 4, code: "store-unavailable" },
    4,
  ],
  [
    "the labels and the value disagree",
    { store: { describe: torn } },
    { severity: 3, code: "torn-reads", next: "status" },
    0,
  ],
  [
    "the versions cannot be listed",
    { time: "11:00", store: { list: denied("ListSecretVersionIds") } },
    { severity: 0, code: "not-due" },
    4,
  ],
  [
    "the client secret is denied",
    { time: "11:00", readClientSecret: denied("GetSecretValue") },
    { severity: 0, code: "not-due" },
    4,
  ],
  [
    "XT does not answer",
    { time: "11:00", probe: { kind: "unsent", code: "ENOTFOUND" } },
    { severity: 0, code: "not-due" },
    4,
  ],
])("answers also where %s", async (_, scene, verdict, worst) => {
  const inspection = await inspectScene(scene);

  expect(inspection.verdict).toMatchObject(verdict);
  expect(Math.max(...inspection.checks.map(({ severity }) => severity))).toBe(worst);
});

it("answers also where the escrow cannot be asked, and says so", async () => {
  const inspection = await inspectScene({ time: "11:00", escrow: { list: away } });

  expect(inspection.escrow).toEqual({ state: "unreachable", code: "TimeoutError" });
  expect(inspection.checks[3]).toMatchObject({ name: "escrow", severity: 3 });
});

it("says that a function without an escrow has none", async () => {
  const settings = { ...SETTINGS, escrowParameterPrefix: null };
  const { ports } = createWorld({ time: "11:00" });

  const inspection = await inspect(ports, { connection: "default", unknownOutcomePolicy: "replay", settings });

  expect(inspection.escrow).toEqual({ state: "none", code: null });
});
