import { afterAll, expect, it, onTestFinished } from "vitest";
import { ENVIRONMENT, LABEL } from "../../lambda/contract.ts";
import { createExecutionEnvironment, endSpareProcesses } from "../../sandbox/execution-environment.ts";
import { outcomeOf } from "../../sandbox/play-tick.ts";
import {
  ACCESS_TOKEN_SECRET,
  buildTemporaryBundle,
  CLIENT,
  CLIENT_SECRET,
  ESCROW_PREFIX,
  startWorld,
  TOKEN_SECRET,
  type World,
} from "../../sandbox/world.ts";
import { LIVE, STATES, type State } from "./written-before.ts";

const bundle = buildTemporaryBundle();
afterAll(() => {
  endSpareProcesses();
  bundle.remove();
});

/** A world in which the previous version ran until now, and the new one has just been deployed. */
async function deployOnto({ at, versions, escrow = {} }: State): Promise<World> {
  const environment = createExecutionEnvironment();
  const world = await startWorld({
    bundle: bundle.path,
    beginsAtMs: Date.parse(versions[0]?.at ?? at),
    environment: { [ENVIRONMENT.escrowParameterPrefix]: ESCROW_PREFIX },
    run: environment.run,
  });
  onTestFinished(async () => {
    await environment.close();
    await world.close();
  });
  const { secretsManager, parameterStore, xt } = world;
  const { refreshToken } = xt.grant();
  const textOf = (value: object) => JSON.stringify(value).replaceAll(`"${LIVE}"`, `"${refreshToken}"`);
  const catchUp = (to: string) => world.advance(Math.max(0, Date.parse(to) - world.now()));
  const { clientId, clientSecret } = CLIENT;
  secretsManager.put(CLIENT_SECRET, JSON.stringify({ client_id: clientId, client_secret: clientSecret }));
  for (const { at: writtenAt, versionId, labels, value } of versions) {
    catchUp(writtenAt);
    secretsManager.put(TOKEN_SECRET, textOf(value), { versionId, labels: labels.length > 0 ? labels : ["none"] });
  }
  if (versions.some(({ labels }) => labels.length === 0)) secretsManager.moveLabel(TOKEN_SECRET, "none");
  for (const [id, value] of Object.entries(escrow)) parameterStore.put(`${ESCROW_PREFIX}${id}`, textOf(value));
  catchUp(at);
  return world;
}

/** What XT, the token secret and the access-token secret know of the connection. */
function standingOf({ secretsManager, parameterStore, xt }: World) {
  const pair = JSON.parse(secretsManager.value(TOKEN_SECRET) ?? "{}");
  const published = JSON.parse(secretsManager.value(ACCESS_TOKEN_SECRET) ?? "{}");
  return {
    isNewest: pair.refresh_token === xt.newestRefreshToken,
    isLive: xt.isLive(pair.refresh_token),
    isPublished: published.access_token === pair.access_token && published.connection === "default",
    isInStep:
      secretsManager.labels(ACCESS_TOKEN_SECRET)[LABEL.current] === secretsManager.labels(TOKEN_SECRET)[LABEL.current],
    escrowed: Object.keys(parameterStore.parameters()).length,
    exchanges: xt.exchanges.map(({ verdict }) => verdict),
  };
}

it.each(STATES)("goes on from $name, loses nothing and publishes the access token", async (state) => {
  // given
  const world = await deployOnto(state);

  // when
  const first = await world.tick();
  world.advance(15 * 60_000);
  const second = await world.tick();

  // then
  expect([outcomeOf(first), outcomeOf(second)]).toEqual([state.first, "idle"]);
  expect(standingOf(world)).toEqual({
    isNewest: true,
    isLive: true,
    isPublished: true,
    isInStep: true,
    escrowed: 0,
    exchanges: Array(state.exchanges).fill("granted"),
  });
});

it("holds the labels that the previous version left, in the place from which its ids were made", async () => {
  // given
  const staged = STATES.find(({ name }) => name === "a pair that was staged and not promoted");
  if (staged === undefined) throw new Error("the state is missing");

  // when
  const world = await deployOnto(staged);

  // then
  expect(world.secretArns.token).toBe("arn:aws:secretsmanager:us-east-1:123456789012:secret:xt/token-a7d63c");
  expect(world.secretsManager.labels(TOKEN_SECRET)).toEqual({
    AWSPREVIOUS: "00000000-0000-4000-8000-000000000002",
    AWSCURRENT: "40c0b1b9e87d4e484ed66daa01df2deb021704b9ef196036569672a75445d073",
    XT_ATTEMPT: "d726886116775086c610f001e7ff80f226572f2304290d81c29f8ebe6012d81d",
    XT_ISSUED: "882b41384acf66324cc2d4e1127a5edd7c494d6dd090b74ce56798c341ce39f7",
  });
});
