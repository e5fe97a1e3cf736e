import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import { TOKEN_SECRET } from "../../sandbox/world.ts";
import { DOCUMENTED_ACCESS_TOKEN, DOCUMENTED_ANSWER, DOCUMENTED_REFRESH_TOKEN } from "../rotation/documented-answer.ts";
import { inWorld } from "./fixtures/in-world.ts";

it("keeps the pair of the documentation's example, comments and all", async () => {
  await inWorld({ beginsAtMs: Date.UTC(2023, 6, 1) }, async (world) => {
    // given
    world.seed();
    const parent = world.secretsManager.labels(TOKEN_SECRET)[LABEL.current];
    world.setFaults({ xt: () => ({ kind: "reply", when: "after", status: 200, body: DOCUMENTED_ANSWER }) });

    // when
    const ending = await world.tick();

    // then
    expect(ending).toMatchObject({
      result: {
        outcome: "rotated",
        expiresAt: "2023-08-09T06:04:36.000Z",
        refreshExpiresAt: "2023-09-08T06:04:36.000Z",
      },
    });
    expect(JSON.parse(world.secretsManager.value(TOKEN_SECRET) ?? "")).toMatchObject({
      refresh_token: DOCUMENTED_REFRESH_TOKEN,
      access_token: DOCUMENTED_ACCESS_TOKEN,
      user_id: "12345678",
      client_id: "35LF2FSLHX5IRQA4",
      scope: "userinfo",
      parent,
    });
  });
});
