import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect, it } from "vitest";
import { OPERATIONS } from "../../../sandbox/secrets-manager/operations.ts";
import { RequestQuotas } from "../../../sandbox/secrets-manager/request-quotas.ts";
import { Secrets } from "../../../sandbox/secrets-manager/secrets.ts";
import { StaleReads } from "../../../sandbox/secrets-manager/stale-reads.ts";
import { NOW_MS, start } from "./started.ts";

const A = "a".repeat(32);
const THROTTLED = { name: "ThrottlingException", message: "Rate exceeded", $metadata: { httpStatusCode: 400 } };

it("takes 50 values and label moves in a second, and goes on with the next", async () => {
  // given
  let nowMs = NOW_MS;
  const { standIn, client } = await start({ quotas: true, now: () => nowMs });
  const ids = Array.from({ length: 49 }, (_, nth) => String(nth).padStart(32, "0"));
  const put = (id: string) => new PutSecretValueCommand({ SecretId: "s", ClientRequestToken: id, SecretString: id });
  const move = new UpdateSecretVersionStageCommand({ SecretId: "s", VersionStage: "XT_ISSUED", MoveToVersionId: A });
  standIn.createSecret("s");
  standIn.put("s", "one", { versionId: A });
  for (const id of ids) await client.send(put(id));
  await client.send(move);

  // when
  const tooMuch = await client.send(put("b".repeat(32))).catch((error: unknown) => error);
  nowMs += 1_000;
  const afterwards = await client.send(put("b".repeat(32)));

  // then
  expect(tooMuch).toMatchObject(THROTTLED);
  expect(afterwards.VersionId).toBe("b".repeat(32));
});

it("takes 50 lists in a second", async () => {
  const { standIn, client } = await start({ quotas: true });
  standIn.createSecret("s");
  for (let nth = 1; nth <= 25; nth += 1) {
    await client.send(new ListSecretsCommand({}));
    await client.send(new ListSecretVersionIdsCommand({ SecretId: "s" }));
  }

  const tooMuch = client.send(new ListSecretsCommand({}));

  await expect(tooMuch).rejects.toMatchObject(THROTTLED);
});

it("counts creations and restorations separately", async () => {
  const { client } = await start({ quotas: true });
  for (let nth = 1; nth <= 50; nth += 1) {
    await client.send(new CreateSecretCommand({ Name: `s-${nth}`, SecretString: "one" }));
  }

  const tooMuch = await client.send(new CreateSecretCommand({ Name: "s-51" })).catch((error: unknown) => error);
  const others = [
    await client.send(new PutSecretValueCommand({ SecretId: "s-1", SecretString: "two" })),
    await client.send(new RestoreSecretCommand({ SecretId: "s-1" })),
    await client.send(new GetSecretValueCommand({ SecretId: "s-1" })),
  ];

  expect(tooMuch).toMatchObject(THROTTLED);
  expect(others.map(({ Name }) => Name)).toEqual(["s-1", "s-1", "s-1"]);
});

it("has no quotas by default", async () => {
  const { client } = await start();
  for (let nth = 1; nth <= 50; nth += 1) await client.send(new ListSecretsCommand({}));

  const more = await client.send(new ListSecretsCommand({}));

  expect(more.SecretList).toEqual([]);
});

it("serves operations without HTTP, under the same quotas", () => {
  const secrets = new Secrets();
  const world = { secrets, staleReads: new StaleReads(), quotas: new RequestQuotas(), nowMs: NOW_MS };
  const list = (nowMs: number) => OPERATIONS["ListSecrets"]?.({}, { ...world, nowMs });
  secrets.create({ name: "s" }, NOW_MS);
  for (let nth = 1; nth <= 49; nth += 1) list(NOW_MS);

  const fiftieth = list(NOW_MS);

  expect(fiftieth).toMatchObject({ SecretList: [{ Name: "s" }] });
  expect(() => list(NOW_MS + 999)).toThrow(expect.objectContaining({ code: "ThrottlingException" }));
  expect(list(NOW_MS + 1_000)).toMatchObject({ SecretList: [{ Name: "s" }] });
});
