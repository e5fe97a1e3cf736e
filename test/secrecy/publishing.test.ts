import { expect, it, onTestFinished } from "vitest";
import { startEventBus } from "../fixtures/event-bus.ts";
import { setStage } from "./fixtures/stage.ts";
import { createTraces } from "./fixtures/traces.ts";

it("publishes the access token alone, and announces no token at all", async () => {
  // given
  const stage = await setStage();
  const bus = await startEventBus();
  onTestFinished(bus.close);
  stage.secretsManager.createSecret("xt/access-token");
  Object.assign(stage.environment, {
    ACCESS_TOKEN_SECRET_ID: "xt/access-token",
    EVENT_BUS_NAME: "desks",
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
  });

  // when
  const outcomes = [await stage.tick(), await stage.tick({ event: { force: true } })];
  stage.secretsManager.put("xt/token", stage.secret());
  outcomes.push(await stage.tick());

  // then
  const published = stage.secretsManager.versions("xt/access-token").map(({ versionId }) => {
    return stage.secretsManager.value("xt/access-token", versionId) ?? "";
  });
  const tokens = published.map((text): string => JSON.parse(text).access_token);
  // Headers and payloads of all of XT's tokens are alike; the signatures tell them apart.
  const others = stage
    .secrets()
    .filter((secret) => !tokens.includes(secret))
    .map((secret) => secret.split(".").at(-1) ?? "");
  expect(outcomes).toEqual(["rotated", "rotated", "halted"]);
  expect(published).toHaveLength(2);
  expect(others.length).toBeGreaterThan(3);
  expect(createTraces(others)(published.join("\n"))).toEqual([]);
  expect(bus.bodies).toHaveLength(3);
  expect(createTraces(stage.secrets())(bus.bodies.join("\n"))).toEqual([]);
  expect(createTraces(stage.secrets())(stage.exposed())).toEqual([]);
});
