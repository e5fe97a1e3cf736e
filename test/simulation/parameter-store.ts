import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { createSsmEscrow } from "../../lambda/adapters/ssm-escrow.ts";
import type { Clock, Escrow } from "../../lambda/rotation/ports.ts";
import { failureOf } from "./aws-failure.ts";
import type { CallName } from "./fault.ts";
import { attemptMs } from "./in-virtual-time.ts";
import { transmit } from "./transmit.ts";
import { refreshTokenIn, type World } from "./world.ts";

interface Adapter {
  readonly escrow: Escrow;
  clock: Clock;
}

/** By the id of a run, for all histories: a client of the SDK takes longer to make than a history to play. */
const adapters = new Map<string, Adapter>();

/** The real adapter of one run. It makes its own client, so the parameters' names begin with the run's id and tell whose request it is. */
export function escrowOf(run: string, clock: Clock): Escrow {
  const known = adapters.get(run);
  if (known !== undefined) {
    known.clock = clock;
    return known.escrow;
  }
  const now = () => adapter.clock.now();
  const adapter: Adapter = {
    clock,
    escrow: createSsmEscrow({ prefix: `/${run}/`, keyId: undefined }, { now }, () => undefined),
  };
  adapters.set(run, adapter);
  return adapter.escrow;
}

interface Operation {
  readonly name: CallName;
  readonly effect: () => object;
  readonly onAnswer?: () => void;
}

/** What every client of SSM sends through, with the exceptions of the service. */
export function createParameterStore(world: World): SSMClient["send"] {
  async function send(command: object, options?: { readonly abortSignal?: AbortSignal }): Promise<object> {
    const [, runId = "", id = ""] = parameterName(command).split("/");
    const run = world.runs.get(runId);
    if (run === undefined) throw new Error(`the simulation knows no run ${runId}`);
    const { name, effect, onAnswer } = operationOf(world, command, id, run);
    return transmit(world, run, {
      name,
      attemptMs: attemptMs(options?.abortSignal),
      effect,
      failure: failureOf,
      onAnswer,
    });
  }
  return send as unknown as SSMClient["send"];
}

function parameterName(command: object): string {
  if (command instanceof GetParametersByPathCommand) return command.input.Path ?? "";
  return command instanceof PutParameterCommand ||
    command instanceof GetParameterCommand ||
    command instanceof DeleteParameterCommand
    ? (command.input.Name ?? "")
    : "";
}

function operationOf(
  { escrowed }: World,
  command: object,
  id: string,
  run: { acknowledge(token: string | undefined): void },
): Operation {
  if (command instanceof PutParameterCommand) {
    const { Value: text = "" } = command.input;
    return {
      name: "escrowing",
      effect() {
        if (escrowed.has(id)) throw new ParameterAlreadyExists({ message: "it exists", $metadata: {} });
        escrowed.set(id, text);
        return { Version: 1 };
      },
      onAnswer: () => run.acknowledge(refreshTokenIn(text)),
    };
  }
  if (command instanceof GetParametersByPathCommand) {
    const { Path: path } = command.input;
    return {
      name: "listing the escrow",
      effect: () => ({ Parameters: [...escrowed.keys()].map((id) => ({ Name: `${path}/${id}` })) }),
    };
  }
  if (command instanceof GetParameterCommand) {
    return {
      name: "searching the escrow",
      effect() {
        const text = escrowed.get(id);
        if (text === undefined) throw notFound();
        return { Parameter: { Value: text } };
      },
    };
  }
  return {
    name: "clearing the escrow",
    effect() {
      if (!escrowed.delete(id)) throw notFound();
      return {};
    },
  };
}

function notFound(): ParameterNotFound {
  return new ParameterNotFound({ message: "there is no such parameter", $metadata: {} });
}
