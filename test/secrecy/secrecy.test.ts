import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CONNECTION_SCENES } from "./fixtures/connection-scenes.ts";
import { ESCROW_SCENES } from "./fixtures/escrow-scenes.ts";
import { INPUT_SCENES } from "./fixtures/input-scenes.ts";
import { PERSON_SCENES } from "./fixtures/person-scenes.ts";
import type { Scene } from "./fixtures/scene.ts";
import { SECRET_SCENES } from "./fixtures/secret-scenes.ts";
import { setStage } from "./fixtures/stage.ts";
import { STORE_SCENES } from "./fixtures/store-scenes.ts";
import { createTraces } from "./fixtures/traces.ts";
import { XT_SCENES } from "./fixtures/xt-scenes.ts";

const SCENES: readonly Scene[] = [
  ...INPUT_SCENES,
  ...SECRET_SCENES,
  ...STORE_SCENES,
  ...XT_SCENES,
  ...ESCROW_SCENES,
  ...PERSON_SCENES,
  ...CONNECTION_SCENES,
];

it.each(SCENES.map(({ title, ends, play }) => [title, ends, play] as const))(
  "shows no secret after %s, which ends in %s",
  async (_title, ends, play) => {
    // given
    const stage = await setStage();

    // when
    const ending = await play(stage);

    // then
    const traces = createTraces(stage.secrets())(stage.exposed());
    expect(ending).toBe(ends);
    expect(traces).toEqual([]);
  },
);

it("knows every secret that a rotation has touched", async () => {
  // given
  const stage = await setStage();

  // when
  await stage.tick();
  const { refresh_token: refresh, access_token: access } = JSON.parse(stage.secretsManager.value("xt/token") ?? "{}");

  // then
  const presented = stage.xt.exchanges[0]?.presented;
  expect(new Set(stage.secrets())).toEqual(new Set(['cs+7f3a9c/Zq8="%20&x?y<\\Lm4', presented, refresh, access]));
});

it("stores no authorization code, in no record and no pair", async () => {
  // given
  const stage = await setStage();
  const code = stage.secret(stage.xt.code());

  // when
  await stage.tick({ event: { authorize: { code } } });

  // then
  const versions = stage.secretsManager.versions("xt/token");
  const values = versions.map(({ versionId }) => stage.secretsManager.value("xt/token", versionId));
  expect(values).toHaveLength(3);
  expect(createTraces([code])(values.join("\n"))).toEqual([]);
});

it("plays every failure that the function has a name for, and every outcome", async () => {
  // given
  const core = join(import.meta.dirname, "../../lambda/rotation");
  const files = readdirSync(core).filter((file) => file.endsWith("errors.ts"));
  const modules: readonly object[] = await Promise.all(files.map((file) => import(join(core, file))));
  const classes = modules
    .flatMap((module) => Object.keys(module))
    .filter((name) => /^[A-Z][a-z]/.test(name) && name !== "RotationError");

  // when
  const met = new Set(SCENES.map(({ ends }) => ends));

  // then
  const outcomes = ["rotated", "settled", "idle", "halted", "deferred", "authorized", "inspected", "listed", "counted"];
  expect([...met].sort()).toEqual([...outcomes, ...classes].sort());
});
