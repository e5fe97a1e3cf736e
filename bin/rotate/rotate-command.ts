import { randomUUID } from "node:crypto";
import { createClientSecret } from "../../lambda/adapters/secret-value.ts";
import { createSecretsManagerStore } from "../../lambda/adapters/secrets-manager-store.ts";
import { createXtEndpoint } from "../../lambda/adapters/xt-endpoint.ts";
import type { RotationResult } from "../../lambda/contract.ts";
import { RotationError, StoreUnavailable } from "../../lambda/rotation/errors.ts";
import type { Clock, Escrow, Ports, TokenEndpoint } from "../../lambda/rotation/ports.ts";
import type { Run } from "../../lambda/rotation/refresh.ts";
import { rotate } from "../../lambda/rotation/rotate.ts";
import { type Command, EXIT, type Exit, type Surroundings, type Target } from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import { describeDistance, describeInstant } from "../command-line/duration.ts";
import { nextCommand } from "../command-line/next-command.ts";
import { whileAtStake } from "../command-line/while-at-stake.ts";
import { unwatched } from "../connection/look.ts";
import { refuseOddClock } from "../connection/server-clock.ts";
import { openEscrow } from "../status/sight.ts";
import { describeRotationFailure } from "./rotation-failure.ts";

/** What the function is given, in milliseconds; its attempt records promise no longer. */
const RUN_MS = 120_000;

/** How long XT locks an account, in milliseconds. */
const THROTTLED_MS = 10 * 60_000;

export const rotateCommand: Command = {
  name: "rotate",
  summary: "runs one tick from this machine",
  description: `Does what the function does at every tick, with your credentials and from your network: settles what an interrupted run left, and
renews the pair if that is due. It takes the same fence as the function, so that it cannot hurt a tick at work; what it is killed at, the
next tick finishes. It needs what the function's role is granted.

Exit codes: 0 rotated, settled, or nothing to do, 3 --now did not renew, 4 halted for a person, 1 failed or refused, 2 bad arguments.`,
  options: {
    now: {
      kind: "flag",
      meaning:
        "renew before the pair is due; skips a backoff and a hold, never another run at work; not to be typed again and again, since XT " +
        "locks accounts that ask too often",
    },
    "no-escrow": {
      kind: "flag",
      meaning:
        "go on although nobody said where the escrow is, or it cannot be asked: a pair that an interrupted run left there is not looked for",
    },
  },
  async run(target, given, surroundings) {
    if (target.config.escrow === undefined && !given["no-escrow"]) {
      throw new CommandFailure(
        "nobody said where the escrow is, and a pair that was left there would not be found: add --escrow-prefix with " +
          "ESCROW_PARAMETER_PREFIX of the function's environment, or --no-escrow where there is none",
      );
    }
    const { clock, io } = surroundings;
    const isForced = given["now"] === true;
    await io.waiting("looking at the token secret", refuseOddClock(target, surroundings));
    const escrow = openEscrow(target, surroundings);
    const searched = isForced && !given["no-escrow"] ? vouchedByNobody(escrow) : escrow;
    try {
      const ticking = whileAtStake(process, io, tick(target, searched, isForced, surroundings));
      const result = await io.waiting(isForced ? "renewing the pair" : "running one tick", ticking);
      return tellResult(target, result, isForced, surroundings);
    } catch (error) {
      if (!(error instanceof RotationError)) throw error;
      throw new CommandFailure(describeRotationFailure(target, error, clock.now()));
    }
  },
};

/**
 * A run that is forced takes an escrow that it cannot ask for empty: in the function a person has vouched for that, and here nobody has.
 * It is the run's own question that counts, since an escrow that can be listed may still refuse it.
 */
function vouchedByNobody(escrow: Escrow): Escrow {
  return {
    ...escrow,
    async find(id) {
      try {
        return await escrow.find(id);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        throw new CommandFailure(
          `the escrow cannot be asked (${error.code}) and may hold the pair of version ${id}, presenting the old token could end it: ` +
            "allow ssm:GetParameter, or add --no-escrow if you know that it holds nothing",
        );
      }
    },
  };
}

function tick({ config }: Target, escrow: Escrow, force: boolean, surroundings: Surroundings): Promise<RotationResult> {
  const { client, clock, io } = surroundings;
  const { tokenSecretId, clientSecretId, baseUrl, exchangeTimeoutMs, unknownOutcomePolicy } = config;
  const run: Run = { id: randomUUID(), nonce: randomUUID(), deadlineAtMs: clock.now() + RUN_MS, exchangeTimeoutMs };
  const ports: Ports = {
    clock,
    store: createSecretsManagerStore(client, tokenSecretId, clock, unwatched),
    escrow,
    clientSecret: createClientSecret(client, clientSecretId, unwatched),
    endpoint: awakeOnly(createXtEndpoint({ baseUrl, timeoutMs: exchangeTimeoutMs }), clock, run),
    log: { warn: (message, fields) => io.complain(`${message} ${JSON.stringify(fields)}`) },
    gauge: { saw: () => undefined },
  };
  return rotate(ports, { names: { tokenSecretId, clientSecretId }, run, force, unknownOutcomePolicy });
}

/**
 * Lambda ends a process at its deadline; nobody ends this one, and a machine may sleep between the fence and the exchange. Whoever wakes
 * up past the deadline must not spend the token that another run has taken over.
 */
function awakeOnly(endpoint: TokenEndpoint, clock: Clock, { deadlineAtMs, exchangeTimeoutMs }: Run): TokenEndpoint {
  return {
    exchange: async (request) =>
      clock.now() > deadlineAtMs - exchangeTimeoutMs
        ? { kind: "unsent", code: "OVERSLEPT" }
        : endpoint.exchange(request),
  };
}

function tellResult(target: Target, result: RotationResult, isForced: boolean, { io, clock }: Surroundings): Exit {
  const { outcome, reason, nextRenewalAt } = result;
  const isUnrenewed = isForced && (outcome === "idle" || outcome === "deferred");
  const exit = outcome === "halted" ? EXIT.broken : isUnrenewed ? EXIT.attention : EXIT.done;
  const signs = {
    [EXIT.done]: io.style.good("✓"),
    [EXIT.attention]: io.style.warn("!"),
    [EXIT.broken]: io.style.bad("✗"),
  };
  io.tell(`${signs[exit]} ${io.style.bold(isUnrenewed ? `not renewed, ${outcome}` : outcome)}  ${reason}`);
  if (nextRenewalAt !== null) {
    const atMs = Date.parse(nextRenewalAt);
    const name = atMs > clock.now() ? "next renewal" : "due since";
    io.tell(`  ${name}  ${describeInstant(atMs)}, ${describeDistance(atMs, clock.now())}`);
  }
  if (reason.startsWith("throttled:")) {
    io.tell(
      `  XT locks accounts that ask too often, do not ask again before ${describeInstant(clock.now() + THROTTLED_MS)}`,
    );
  }
  if (exit === EXIT.broken) io.tell(`  ${io.style.dim("type")} ${io.style.bold(nextCommand(target, "status"))}`);
  return exit;
}
