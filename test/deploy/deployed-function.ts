import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Aws, type Session, textIn } from "./aws-calls.ts";
import { ACCOUNT, REGION } from "./moto.ts";
import { type LambdaRuntime, PYTHON } from "./prerequisites.ts";
import { runProgram } from "./run-program.ts";
import { type Ending, startRuntimeApi } from "./runtime-api.ts";

/** Where `cdk bootstrap` has assets go. */
const ASSETS = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;

/** A function as it was deployed: its code unpacked, its settings as its service tells them. */
export interface DeployedFunction {
  readonly name: string;
  /** What was unpacked. */
  readonly directory: string;
  /** Says whether the code's digest is the one that Lambda tells. */
  readonly isIntact: boolean;
  readonly arn: string;
  readonly handler: string;
  readonly roleArn: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads a function and fetches its code from wherever the service says that it is. */
export async function fetchFunction(aws: Aws, name: string, scratch: string): Promise<DeployedFunction> {
  const found = await aws.call(["lambda", "get_function", { FunctionName: name }]);
  const key = new URL(textIn(found, "output", "Code", "Location")).pathname.slice(1);
  const object = await aws.call(["s3", "get_object", { Bucket: ASSETS, Key: key }]);
  const zip = Buffer.from(textIn(object, "output", "Body"), "base64");
  // Of its own: an update leaves a function its name.
  const directory = await mkdtemp(join(scratch, "function-"));
  await writeFile(`${directory}.zip`, zip);
  const { exit, output } = await runProgram(PYTHON, ["-m", "zipfile", "-e", `${directory}.zip`, directory]);
  if (exit !== 0) throw new Error(`the code's archive does not unpack: ${output}`);
  const { Configuration } = Object(Object(found).output);
  return {
    name,
    directory,
    isIntact: createHash("sha256").update(zip).digest("base64") === Configuration.CodeSha256,
    arn: Configuration.FunctionArn,
    handler: Configuration.Handler,
    roleArn: Configuration.Role,
    timeoutMs: Configuration.Timeout * 1_000,
    environment: Configuration.Environment.Variables,
  };
}

/** What runs it: the runtime, the permissions, and what differs from Lambda. */
export interface Surroundings {
  readonly runtime: LambdaRuntime;
  /** The role's. */
  readonly session: Session;
  /** Whatever must not be as deployed here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Alias by which it is invoked. @default none */
  readonly alias?: string;
}

/** One execution environment of a function. */
export interface RunningFunction {
  /** Runs one event at a time. */
  invoke(event: string): Promise<Ending>;
  /** All that it has printed. */
  printed(): string;
  /** Without a chance to end anything. */
  kill(): void;
  stop(): Promise<void>;
}

/** Runs every event in one process, as Lambda runs them in one execution environment. */
export async function startFunction(
  deployed: DeployedFunction,
  { runtime, session, environment, alias }: Surroundings,
): Promise<RunningFunction> {
  const api = await startRuntimeApi();
  const child = spawn(runtime.node, [runtime.client], {
    cwd: deployed.directory,
    env: {
      ...deployed.environment,
      LAMBDA_TASK_ROOT: deployed.directory,
      _HANDLER: deployed.handler,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: deployed.name,
      AWS_LAMBDA_FUNCTION_VERSION: "1",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1769",
      AWS_LAMBDA_LOG_GROUP_NAME: "log-group",
      AWS_LAMBDA_LOG_STREAM_NAME: "log-stream",
      AWS_LAMBDA_LOG_FORMAT: "JSON",
      AWS_LAMBDA_LOG_LEVEL: "INFO",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: session.aws_access_key_id,
      AWS_SECRET_ACCESS_KEY: session.aws_secret_access_key,
      AWS_SESSION_TOKEN: session.aws_session_token,
      ...environment,
    },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const closed = once(child, "close").then(api.die);
  const functionArn = alias === undefined ? deployed.arn : `${deployed.arn}:${alias}`;
  let invoked = 0;
  return {
    invoke(event) {
      invoked += 1;
      const requestId = `00000000-0000-4000-8000-${String(invoked).padStart(12, "0")}`;
      return api.invoke(event, { requestId, functionArn, deadlineMs: Date.now() + deployed.timeoutMs });
    },
    printed: () => printed,
    kill() {
      child.kill("SIGKILL");
    },
    async stop() {
      child.kill();
      await closed;
      api.stop();
    },
  };
}
