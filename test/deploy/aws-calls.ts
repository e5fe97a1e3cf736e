import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PYTHON } from "./prerequisites.ts";

const CALLS = join(import.meta.dirname, "aws_calls.py");

/** Service and operation as boto3 spells them, and the operation's input. */
export type Call = readonly [service: string, operation: string, input: object];

export type Answer =
  | { readonly kind: "answered"; readonly output: unknown }
  /** By its error's code. */
  | { readonly kind: "refused"; readonly code: string };

/** A role's session, in boto3's words. */
export interface Session {
  readonly aws_access_key_id: string;
  readonly aws_secret_access_key: string;
  readonly aws_session_token: string;
}

/** Calls whatever AWS the environment names. */
export interface Aws {
  /** @param session whose permissions count. @default the environment's own keys, which may do all */
  call(call: Call, session?: Session): Promise<Answer>;
  assume(roleArn: string): Promise<Session>;
  stop(): Promise<void>;
}

/** Not through the SDK: the project has clients for the services that it calls, and a deployment has many more. */
export function startAwsCalls(environment: Readonly<Record<string, string | undefined>>): Aws {
  const child = spawn(PYTHON, [CALLS], { env: environment, stdio: ["pipe", "pipe", "inherit"] });
  const waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  createInterface(child.stdout).on("line", (line) => waiting.shift()?.resolve(line));
  // One that has died breaks the pipe, and `close` tells of it.
  child.stdin.on("error", () => undefined);
  const closed = once(child, "close").then(() => {
    for (const { reject } of waiting) reject(new Error("the calls of AWS ended, see what they printed"));
  });

  async function call([service, operation, input]: Call, session?: Session): Promise<Answer> {
    const line = await new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify({ service, operation, input, session })}\n`);
    });
    const { output, refused } = JSON.parse(line);
    return refused === undefined ? { kind: "answered", output } : { kind: "refused", code: refused };
  }

  return {
    call,
    async assume(roleArn) {
      const input = { RoleArn: roleArn, RoleSessionName: "test" };
      const answer = await call(["sts", "assume_role", input]);
      return {
        aws_access_key_id: textIn(answer, "output", "Credentials", "AccessKeyId"),
        aws_secret_access_key: textIn(answer, "output", "Credentials", "SecretAccessKey"),
        aws_session_token: textIn(answer, "output", "Credentials", "SessionToken"),
      };
    },
    async stop() {
      child.kill();
      await closed;
    },
  };
}

/**
 * Follows a path into JSON.
 * @throws Error where it does not lead to a text
 */
export function textIn(json: unknown, ...path: readonly (string | number)[]): string {
  const found = path.reduce<unknown>((value, key) => Object(value)[key], json);
  if (typeof found !== "string") throw new Error(`${path.join(".")}: found ${typeof found}, expected a text`);
  return found;
}
