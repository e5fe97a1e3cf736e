import { expect, it } from "vitest";
import type { AccessTokenStore, Announcer } from "../../lambda/rotation/ports.ts";
import { publish } from "../../lambda/rotation/publish.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import { at } from "./given.ts";

const PAIR: TokenPair = {
  accessToken: new Sensitive("access-2"),
  refreshToken: new Sensitive("refresh-2"),
  expiresAtMs: at("15:00"),
  userId: "12345678",
  scope: "trade",
};

/** Ports that write down what reaches them, in order. */
function ports(fail?: () => never) {
  const calls: unknown[] = [];
  const accessTokens: AccessTokenStore = {
    published: async () => undefined,
    async publish(id, text, from) {
      calls.push(["publish", id, JSON.parse(text.reveal()), from]);
      fail?.();
    },
  };
  const announcer: Announcer = {
    async announce(type, detail) {
      calls.push(["announce", type, detail]);
    },
  };
  return { accessTokens, announcer, calls };
}

it("publishes the access token and what belongs to it, and announces it afterwards", async () => {
  const { calls, ...given } = ports();

  const publication = await publish(given, "desk-a", { versionId: "v2", pair: PAIR }, "v1");

  const expiresAt = "2026-11-23T15:00:00.000Z";
  const value = {
    access_token: "access-2",
    expires_at: expiresAt,
    user_id: "12345678",
    scope: "trade",
    connection: "desk-a",
  };
  expect(publication).toEqual({ kind: "published", versionId: "v2", isAhead: false });
  expect(calls).toEqual([
    ["publish", "v2", value, "v1"],
    ["announce", "XT Access Token Published", { schema: 1, connection: "desk-a", versionId: "v2", expiresAt }],
  ]);
});

it("leaves out what is not known", async () => {
  const { calls, ...given } = ports();
  const pair = { accessToken: new Sensitive("access-2"), refreshToken: new Sensitive("refresh-2") };

  await publish(given, "default", { versionId: "v2", pair });

  expect(calls).toEqual([
    ["publish", "v2", { access_token: "access-2", connection: "default" }, undefined],
    ["announce", "XT Access Token Published", { schema: 1, connection: "default", versionId: "v2", expiresAt: null }],
  ]);
});

it("returns a failure, and announces nothing", async () => {
  const error = new StoreUnavailable("secretsmanager", "PutSecretValue", "xt/access-token", "AccessDeniedException");
  const { calls, ...given } = ports(() => {
    throw error;
  });

  const publication = await publish(given, "default", { versionId: "v2", pair: PAIR });

  expect(publication).toEqual({ kind: "unavailable", error });
  expect(calls).toHaveLength(1);
});

it("throws what nobody foresaw", async () => {
  const { accessTokens, announcer } = ports(() => {
    throw new TypeError("unforeseen");
  });

  const published = publish({ accessTokens, announcer }, "default", { versionId: "v2", pair: PAIR });

  await expect(published).rejects.toThrow(TypeError);
});

it("publishes nothing without an access-token secret, and no pair without an access token", async () => {
  const { calls, accessTokens, announcer } = ports();
  const { accessToken: _, ...refreshTokenAlone } = PAIR;

  const without = await publish({ announcer }, "default", { versionId: "v2", pair: PAIR });
  const alone = await publish({ accessTokens, announcer }, "default", { versionId: "v2", pair: refreshTokenAlone });

  expect([without, alone]).toEqual([{ kind: "none" }, { kind: "none" }]);
  expect(calls).toEqual([]);
});
