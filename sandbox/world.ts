import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENVIRONMENT } from "../lambda/contract.ts";
import { BUNDLE_FILE, buildBundle } from "../lib/bundle.ts";
import { deploySchedules, SCHEDULE, SCHEDULE_ROLE_ARN, TICK_SCHEDULE } from "./deployed.ts";
import type { Fault, FaultPlan } from "./faults.ts";
import { type ParameterStoreStandIn, startParameterStore } from "./parameter-store/server.ts";
import { type Ending, type Invocation, runBundle } from "./run-bundle.ts";
import { type SchedulerStandIn, startScheduler } from "./scheduler/server.ts";
import { type SecretsManagerStandIn, startSecretsManager } from "./secrets-manager/server.ts";
import type { Reuse } from "./xt/grants.ts";
import { startXt, type XtStandIn } from "./xt/start-xt.ts";

export const TOKEN_SECRET = "xt/token";
export const CLIENT_SECRET = "xt/client";
export const ACCESS_TOKEN_SECRET = "xt/access-token";
/** Below it are the escrow's parameters, in a world that has one. */
export const ESCROW_PREFIX = "/xt/escrow/";
/** Settings of a world whose function has further connections. */
export const FURTHER_CONNECTIONS = {
  [ENVIRONMENT.connectionPrefix]: "xt/connections/",
  [ENVIRONMENT.scheduleGroupName]: SCHEDULE.group,
  [ENVIRONMENT.scheduleRoleArn]: SCHEDULE_ROLE_ARN,
  [ENVIRONMENT.tickSchedule]: TICK_SCHEDULE,
};
/** What the person has from XT. */
export const CLIENT = { clientId: "35LF2FSLHX5IRQA4", clientSecret: "sandbox-client-secret-7f3a9c" };

/** A bundle in a directory of its own. */
export interface Bundle {
  readonly path: string;
  remove(): void;
}

/** Builds the bundle exactly as the stack does. */
export function buildTemporaryBundle(): Bundle {
  const directory = mkdtempSync(join(tmpdir(), "xt-token-rotation-"));
  buildBundle(directory);
  return { path: join(directory, BUNDLE_FILE), remove: () => rmSync(directory, { recursive: true }) };
}

/** What one tick of a world can be told. */
export interface Tick {
  /** @default {}, as the schedule sends it */
  readonly event?: unknown;
  /** @default a fresh one, as Lambda draws it */
  readonly requestId?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What the platform gives the run, in milliseconds. @default as deployed */
  readonly remainingMs?: number;
}

/** What goes wrong at each stand-in. @default nothing */
export interface Faults {
  readonly secretsManager?: FaultPlan;
  readonly parameterStore?: FaultPlan;
  readonly scheduler?: FaultPlan;
  readonly xt?: FaultPlan;
}

/** The stand-ins, one clock, and the bundle that runs between them. */
export interface World {
  readonly secretsManager: SecretsManagerStandIn;
  readonly parameterStore: ParameterStoreStandIn;
  /** Stores the schedules. It invokes nothing. */
  readonly scheduler: SchedulerStandIn;
  readonly xt: XtStandIn;
  readonly secretArns: { readonly token: string; readonly client: string; readonly accessToken: string };
  /** What the function finds in its environment beside AWS's own. */
  readonly settings: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the time of everything in the world forward. */
  advance(byMs: number): void;
  /** A person stores the client credentials and the refresh token of a fresh grant, and nothing else. */
  seed(): void;
  /** Runs the bundle once. */
  tick(tick?: Tick): Promise<Ending>;
  /** A fault that kills whatever run is under way. */
  kill(when: "before" | "after"): Fault;
  setFaults(faults: Faults): void;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly bundle: string;
  /** Milliseconds since the epoch at which the world begins. */
  readonly beginsAtMs: number;
  /** @default single-use */
  readonly reuse?: Reuse;
  /** How long XT's refresh tokens live. @default 180 days */
  readonly refreshLifetimeMs?: number;
  /** The function's settings beyond the two secrets and XT's address. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs one invocation. @default a process of its own for each */
  readonly run?: (invocation: Invocation) => Promise<Ending>;
}

/** Starts a world with two empty secrets. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { bundle, beginsAtMs, reuse = "single-use", refreshLifetimeMs, run = runBundle } = options;
  let aheadMs = beginsAtMs - Date.now();
  let requests = 0;
  const running = new Set<() => void>();
  const now = () => Date.now() + aheadMs;
  const secretsManager = await startSecretsManager({ now });
  const parameterStore = await startParameterStore({ now });
  const scheduler = await startScheduler({ now });
  deploySchedules(scheduler.schedules, now());
  const xt = await startXt({
    ...CLIENT,
    now,
    reuse,
    ...(refreshLifetimeMs === undefined ? {} : { refreshLifetimeMs }),
  });
  const secretArns = {
    token: secretsManager.createSecret(TOKEN_SECRET).arn,
    client: secretsManager.createSecret(CLIENT_SECRET).arn,
    accessToken: secretsManager.createSecret(ACCESS_TOKEN_SECRET).arn,
  };
  const settings = {
    [ENVIRONMENT.tokenSecretId]: TOKEN_SECRET,
    [ENVIRONMENT.clientSecretId]: CLIENT_SECRET,
    [ENVIRONMENT.accessTokenSecretId]: ACCESS_TOKEN_SECRET,
    [ENVIRONMENT.baseUrl]: xt.url,
    ...options.environment,
  };
  const environment = {
    ...settings,
    AWS_ENDPOINT_URL: secretsManager.url,
    AWS_ENDPOINT_URL_SSM: parameterStore.url,
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
  };

  return {
    secretsManager,
    parameterStore,
    scheduler,
    xt,
    secretArns,
    settings,
    now,
    advance(byMs) {
      aheadMs += byMs;
    },
    seed() {
      const { clientId, clientSecret } = CLIENT;
      secretsManager.put(CLIENT_SECRET, JSON.stringify({ client_id: clientId, client_secret: clientSecret }));
      secretsManager.put(TOKEN_SECRET, JSON.stringify({ refresh_token: xt.grant().refreshToken }));
    },
    async tick(tick = {}) {
      requests += 1;
      const {
        event = {},
        requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, "0")}`,
        remainingMs,
      } = tick;
      let kill = () => {};
      const ending = await run({
        bundle,
        event,
        requestId,
        environment: { ...environment, ...tick.environment },
        nowMs: now(),
        ...(remainingMs === undefined ? {} : { remainingMs }),
        onStart(killRun) {
          kill = killRun;
          running.add(kill);
        },
      });
      running.delete(kill);
      return ending;
    },
    kill: (when) => ({
      kind: "kill",
      when,
      kill() {
        for (const killRun of running) killRun();
      },
    }),
    setFaults(faults) {
      secretsManager.setFaults(faults.secretsManager);
      parameterStore.setFaults(faults.parameterStore);
      scheduler.setFaults(faults.scheduler);
      xt.setFaults(faults.xt);
    },
    async close() {
      for (const killRun of running) killRun();
      await Promise.all([secretsManager.close(), parameterStore.close(), scheduler.close(), xt.close()]);
    },
  };
}
