import { expect, it } from "vitest";
import { promote } from "../../lambda/rotation/promote.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { createWorld, seededSecret } from "./world.ts";

const refuse = async () => ({ kind: "refused", code: "AccessDeniedException" }) as const;

it("moves AWSCURRENT and asks nothing more", async () => {
  const { ports, calls, secret } = createWorld();

  const promotion = await promote(ports, "v1", "v2");

  expect(promotion).toEqual({ kind: "promoted" });
  expect(calls).toEqual(["moveCurrent v1 v2"]);
  expect(secret.holders.get("AWSCURRENT")).toBe("v2");
});

it("has promoted where a refused move turns out to be done already", async () => {
  const secret = seededSecret();
  secret.holders.set("AWSCURRENT", "v2");
  const { ports } = createWorld({ secret });

  expect(await promote(ports, "v1", "v2")).toEqual({ kind: "promoted" });
});

it("is superseded, and moves nothing, where somebody else moved AWSCURRENT", async () => {
  const secret = seededSecret();
  secret.holders.set("AWSCURRENT", "v3");
  const { ports } = createWorld({ secret });

  const promotion = await promote(ports, "v1", "v2");

  expect(promotion).toEqual({ kind: "superseded", by: "v3" });
  expect(secret.holders.get("AWSCURRENT")).toBe("v3");
});

it("is superseded by nothing where AWSCURRENT is gone", async () => {
  const secret = seededSecret();
  secret.holders.delete("AWSCURRENT");
  const { ports } = createWorld({ secret });

  expect(await promote(ports, "v1", "v2")).toEqual({ kind: "superseded", by: undefined });
});

it("throws PromotionRefused where AWSCURRENT is still on the parent", async () => {
  const { ports } = createWorld({ store: { moveCurrent: refuse } });

  await expect(promote(ports, "v1", "v2")).rejects.toMatchObject({
    name: "PromotionRefused",
    code: "AccessDeniedException",
    message:
      "AWSCURRENT could not be moved to v2 (AccessDeniedException), the pair is safe and the next tick tries again, " +
      "allow the function's role secretsmanager:UpdateSecretVersionStage",
  });
});

it("lets a store that gives no answer fail the run", async () => {
  const error = new StoreUnavailable("secretsmanager", "UpdateSecretVersionStage", "token-secret", "TimeoutError");
  const { ports } = createWorld({ store: { moveCurrent: () => Promise.reject(error) } });

  await expect(promote(ports, "v1", "v2")).rejects.toBe(error);
});
