import type { Inspection } from "../../lambda/inspection.ts";
import { inspect } from "../../lambda/rotation/inspect.ts";
import { createWorld, type Scene, type World } from "./world.ts";

export const SETTINGS = {
  version: "0.1.0",
  tokenSecretId: "token-secret",
  clientSecretId: "client-secret",
  baseUrl: "https://oapi.xt.com/",
  unknownOutcomePolicy: "replay",
  exchangeTimeoutMs: 60_000,
  escrowParameterPrefix: "/escrow/",
} as const;

export function inspectWorld({ ports }: World): Promise<Inspection> {
  return inspect(ports, { connection: "default", unknownOutcomePolicy: "replay", settings: SETTINGS });
}

export function inspectScene(scene: Scene): Promise<Inspection> {
  return inspectWorld(createWorld(scene));
}
