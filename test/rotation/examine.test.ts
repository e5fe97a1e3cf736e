import { expect, it } from "vitest";
import type { InspectedCheck } from "../../lambda/inspection.ts";
import { examine } from "../../lambda/rotation/examine.ts";
import type { TokenAnswer } from "../../lambda/rotation/ports.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { answered, at, stored } from "./given.ts";
import { createWorld, issuedDocument, type Scene } from "./world.ts";

const NAMES = {
  tokenSecretId: "token-secret",
  clientSecretId: "client-secret",
  baseUrl: "https://oapi.xt.com/",
  escrowParameterPrefix: "/escrow/",
};

/** The check of this name. */
async function check(name: string, scene: Scene = {}, escrowed: readonly string[] = []) {
  const world = createWorld(scene);
  for (const id of escrowed) world.escrowed.set(id, issuedDocument("v1"));
  const checks = await examine(world.ports, NAMES);
  return checks.find((each) => each.name === name);
}

it("finds nothing wrong with a world that is well, and writes nothing", async () => {
  const world = createWorld();
  const accessTokens = { published: async () => undefined, publish: async () => undefined };

  const checks = await examine({ ...world.ports, accessTokens }, NAMES);

  const good = (name: string, message: string): InspectedCheck => ({ name, severity: 0, message, next: null });
  expect(checks).toEqual([
    good("token-secret", "token-secret can be read and written"),
    good("client-secret", "client-secret holds client credentials"),
    good("access-token-secret", "nothing is published yet"),
    good("escrow", "/escrow/ can be read and is empty"),
    good("xt", "https://oapi.xt.com/ answers the function (HTTP 200)"),
    good("clock", "the function's clock agrees with XT's"),
  ]);
  expect(world.calls.filter((call) => /^(fence|stage|mark|move|void|keep|discard|exchange)/.test(call))).toEqual([]);
});

it.each(["PutSecretValue", "UpdateSecretVersionStage"])(
  "names the write %s that is not permitted",
  async (operation) => {
    const proveWrites = async () => [{ operation, code: "AccessDeniedException" }];

    expect(await check("token-secret", { store: { proveWrites } })).toEqual({
      name: "token-secret",
      severity: 4,
      message: `${operation} on token-secret failed with AccessDeniedException, allow the function's role secretsmanager:${operation}, and the use of the key`,
      next: null,
    });
  },
);

it.each(["describe", "readCurrent", "list"] as const)("names the read %s that fails", async (method) => {
  const error = new StoreUnavailable("secretsmanager", method, "token-secret", "TimeoutError");

  expect(await check("token-secret", { store: { [method]: () => Promise.reject(error) } })).toEqual({
    name: "token-secret",
    severity: 3,
    message: `${method} on token-secret failed with TimeoutError, the next tick tries again`,
    next: null,
  });
});

it.each([
  ["has no value", undefined, "client-secret has no value"],
  ["is no JSON", "secret-1", "client-secret must hold a JSON object with client_id and client_secret"],
])("says that a client secret %s", async (_, text, message) => {
  const readClientSecret = async () => (text === undefined ? undefined : stored(text));

  const found = await check("client-secret", { readClientSecret });

  expect(found).toEqual({ name: "client-secret", severity: 4, message, next: "seed --credentials-only" });
});

it("counts what the escrow holds", async () => {
  expect(await check("escrow", {}, ["a", "b"])).toMatchObject({
    severity: 3,
    message: "/escrow/ holds 2 pairs",
    next: "recover",
  });
});

it.each(["list", "find"] as const)("says that the escrow cannot be asked to %s", async (method) => {
  const error = new StoreUnavailable("ssm", "GetParameter", "/escrow/", "AccessDeniedException");

  expect(await check("escrow", { escrow: { [method]: () => Promise.reject(error) } })).toMatchObject({
    severity: 4,
    message: expect.stringContaining("allow the function's role ssm:GetParameter"),
  });
});

it("says that a function without an escrow has none", async () => {
  const checks = await examine(createWorld().ports, { ...NAMES, escrowParameterPrefix: null });

  expect(checks.find(({ name }) => name === "escrow")).toMatchObject({
    name: "escrow",
    severity: 3,
    message: "there is no escrow, set ESCROW_PARAMETER_PREFIX",
  });
});

it.each<[string, TokenAnswer, number, string]>([
  ["XT's envelope", answered(400, '\uFEFF{"rc":1,"mc":"AUTH_001"}'), 0, "answers the function (HTTP 400)"],
  ["a firewall's page", answered(403, "<html>"), 4, "something before"],
  ["a firewall's JSON", answered(403, '{"msg":"region"}'), 4, "something before"],
  ["a proxy", answered(407, "{}"), 4, "something before"],
  ["a captive portal", answered(200, "<html>"), 4, "something before"],
  ["a failing gateway", answered(502, "<html>"), 3, "has a failure (HTTP 502)"],
  ["no connection", { kind: "unsent", code: "ENOTFOUND" }, 4, "does not answer the function (ENOTFOUND)"],
  ["no answer", { kind: "lost", code: "ECONNRESET" }, 4, "does not answer the function (ECONNRESET)"],
])("tells XT from what stands before it: %s", async (_, probe, severity, words) => {
  expect(await check("xt", { probe })).toMatchObject({ severity, message: expect.stringContaining(words), next: null });
});

it.each<[string, TokenAnswer, number, string]>([
  [
    "agrees to two minutes",
    { ...answered(200, "{}"), dateMs: at("11:58") },
    0,
    "the function's clock agrees with XT's",
  ],
  [
    "is ahead",
    { ...answered(200, "{}"), dateMs: at("11:57:59") },
    3,
    "the function's clock and XT's clock differ by 121 s, XT's clock says 2026-11-23T11:57:59.000Z",
  ],
  [
    "is behind",
    { ...answered(200, "{}"), dateMs: at("12:02:01") },
    3,
    "the function's clock and XT's clock differ by 121 s, XT's clock says 2026-11-23T12:02:01.000Z",
  ],
  ["has nothing to compare with", answered(200, "{}"), 3, "the clock cannot be compared, XT's answer has no time"],
])("says that the clock %s", async (_, probe, severity, message) => {
  expect(await check("clock", { probe })).toEqual({ name: "clock", severity, message, next: null });
});
