import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
  SecretsManagerServiceException,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { LABEL } from "../../lambda/contract.ts";
import { Refusal } from "../../sandbox/aws-json/refusal.ts";
import { findVersion, labelsOf, type Versions } from "../../sandbox/secrets-manager/versions.ts";
import { failureOf } from "./aws-failure.ts";
import type { CallName, Fault } from "./fault.ts";
import { attemptMs } from "./in-virtual-time.ts";
import type { Run } from "./run.ts";
import type { StrictSecret } from "./strict-secret.ts";
import { transmit } from "./transmit.ts";
import { refreshTokenIn, SEEDED_AT_MS, type World } from "./world.ts";

/** Names of the secrets in the simulated account. */
export const TOKEN_SECRET = "xt-token";
export const CLIENT_SECRET = "xt-client";
export const ACCESS_TOKEN_SECRET = "xt-access-token";

/** A stale answer is as old as that; the rotation allows for ten minutes. */
const STALE_MS = 9 * 60_000 + 59_000;

interface Operation {
  readonly name: CallName;
  readonly effect: (fault: Fault | undefined) => object;
  readonly onAnswer?: () => void;
}

/** The client of one run, over the strict secret of the sandbox. It answers as the service does, exceptions included. */
export function createSecretsManagerClient(world: World, run: Run): SecretsManagerClient {
  async function send(command: object, options?: { readonly abortSignal?: AbortSignal }): Promise<object> {
    const { name, effect, onAnswer } = operationOf(world, run, command);
    return transmit(world, run, {
      name,
      attemptMs: attemptMs(options?.abortSignal),
      effect: (fault) => withExceptions(() => effect(fault)),
      failure: failureOf,
      onAnswer,
    });
  }
  return { send } as unknown as SecretsManagerClient;
}

function operationOf(world: World, run: Run, command: object): Operation {
  if (command instanceof DescribeSecretCommand) {
    const isToken = command.input.SecretId === TOKEN_SECRET;
    const name = isToken ? "reading the labels" : "reading what is published";
    const secret = isToken ? world.tokenSecret : world.accessTokenSecret;
    return { name, effect: (fault) => describe(command.input.SecretId, seen(world, secret, name, fault)) };
  }
  if (command instanceof GetSecretValueCommand) return read(world, command);
  if (command instanceof PutSecretValueCommand) return put(world, run, command);
  if (command instanceof UpdateSecretVersionStageCommand) return move(world, run, command);
  if (command instanceof ListSecretVersionIdsCommand) {
    return {
      name: "listing the versions",
      effect: () => list(world.tokenSecret.asOf(world.staleByMs("listing the versions"))),
    };
  }
  throw new Error(`the simulation knows no ${command.constructor.name}`);
}

function seen(world: World, secret: StrictSecret, name: CallName, fault: Fault | undefined): Versions {
  return secret.asOf(fault?.kind === "stale" ? STALE_MS : world.staleByMs(name));
}

function arnOf(secretId: string | undefined): string {
  return `arn:aws:secretsmanager:us-east-1:123456789012:secret:${secretId}-AbCdEf`;
}

function describe(secretId: string | undefined, versions: Versions): object {
  const labelled = [...new Set(versions.holders.values())].map((id) => [id, labelsOf(versions, id)]);
  const stages = Object.fromEntries(labelled);
  return { ARN: arnOf(secretId), CreatedDate: new Date(SEEDED_AT_MS), VersionIdsToStages: stages };
}

function list(versions: Versions): object {
  const listed = [...versions.byId.values()].map(({ id, createdAtMs }) => {
    return { VersionId: id, VersionStages: labelsOf(versions, id), CreatedDate: new Date(createdAtMs) };
  });
  return { Versions: listed };
}

function read(world: World, { input }: GetSecretValueCommand): Operation {
  if (input.SecretId === CLIENT_SECRET) {
    const effect = () => ({ VersionId: "1".repeat(32), SecretString: world.clientCredentials });
    return { name: "reading the client credentials", effect };
  }
  const name = input.VersionId === undefined ? "reading the pair" : "reading a version";
  return {
    name,
    effect(fault) {
      const which = { versionId: input.VersionId, label: input.VersionStage };
      const { id, value, createdAtMs } = findVersion(seen(world, world.tokenSecret, name, fault), which);
      return {
        VersionId: id,
        SecretString: value.kind === "text" ? value.text : undefined,
        CreatedDate: new Date(createdAtMs),
      };
    },
  };
}

function put(world: World, run: Run, { input }: PutSecretValueCommand): Operation {
  const { ClientRequestToken: id = "", SecretString: text = "", VersionStages: labels = [] } = input;
  if (input.SecretId === ACCESS_TOKEN_SECRET) {
    return {
      name: "publishing",
      effect() {
        world.publish(run.actor, id, text);
        return { VersionId: id };
      },
    };
  }
  const name = labels.includes(LABEL.issued) ? "staging" : labels.includes(LABEL.void) ? "voiding" : "fencing";
  return {
    name,
    effect() {
      // Asks only whether it is permitted.
      if (input.SecretString === undefined) throw new Refusal("InvalidRequestException", "there is no value");
      world.put(run.actor, id, text, labels);
      return { VersionId: id };
    },
    onAnswer() {
      if (name === "staging") run.acknowledge(refreshTokenIn(text));
      if (name === "fencing") run.record.fences.push(id);
    },
  };
}

function move(world: World, run: Run, { input }: UpdateSecretVersionStageCommand): Operation {
  const { VersionStage: label = "", RemoveFromVersionId: from, MoveToVersionId: to } = input;
  const answer = { ARN: arnOf(input.SecretId) };
  if (input.SecretId === ACCESS_TOKEN_SECRET) {
    return {
      name: "moving what is published",
      effect() {
        world.movePublication(run.actor, { label, from, to });
        return answer;
      },
    };
  }
  return {
    name:
      label === LABEL.current
        ? "promoting"
        : `marking the attempt ${label === LABEL.rejected ? "rejected" : "unspent"}`,
    effect() {
      world.move(run.actor, { label, from, to });
      return answer;
    },
  };
}

function withExceptions(act: () => object): object {
  try {
    return act();
  } catch (error) {
    throw exceptionFor(error);
  }
}

/** The exception of the SDK in place of a stand-in's refusal. Any other error is itself. */
export function exceptionFor(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const { code: name, message } = error;
  const options = { message, $metadata: {} };
  if (name === "ResourceExistsException") return new ResourceExistsException(options);
  if (name === "ResourceNotFoundException") return new ResourceNotFoundException(options);
  return new SecretsManagerServiceException({ ...options, name, $fault: "client" });
}
