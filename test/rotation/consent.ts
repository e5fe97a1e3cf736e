import type { RotationResult } from "../../lambda/contract.ts";
import { type Authorizing, authorize } from "../../lambda/rotation/authorize.ts";
import type { TokenAnswer } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { answered } from "./given.ts";
import { type MemorySecret, memorySecret } from "./memory-store.ts";
import { createWorld, type Scene, type World } from "./world.ts";

export const RECORD = "attempt-1-of-code-1";
export const ISSUED = "issued-1-of-code-1";

/** A grant of a whole day, to this XT user. */
export function grantTo(userId: string): TokenAnswer {
  const result = `{"access_token":"access-2","refresh_token":"refresh-2","expires_in":86400,"user_id":"${userId}"}`;
  return answered(200, `{"rc":0,"result":${result}}`);
}

/** A token secret whose pair belongs to user 7. */
export function secretOfUser7(): MemorySecret {
  const secret = memorySecret();
  secret.put("v1", '{"access_token":"access-1","refresh_token":"refresh-1","user_id":"7"}', "AWSCURRENT");
  return secret;
}

export function createConsent(scene: Scene = {}): World {
  return createWorld({ answer: grantTo("7"), ...scene });
}

/** Delivers the code `code-1`. */
export function deliver({ ports, request }: World, fields: Partial<Authorizing> = {}): Promise<RotationResult> {
  const { connection, run } = request();
  return authorize(ports, { connection, run, code: new Sensitive("code-1"), replaceAccount: false, ...fields });
}

export function exchanges({ calls }: Pick<World, "calls">): readonly string[] {
  return calls.filter((call) => call.startsWith("exchange"));
}
