import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PYTHON } from "./prerequisites.ts";

const PLUG_IN = join(import.meta.dirname, "moto_plugin.py");
const POLL_MS = 100;
/** It listens within a second or two; a machine that is busy gets its time. */
const POLLS = 600;

/** An AWS of our own. */
export interface Moto {
  /** As `AWS_ENDPOINT_URL` takes it. */
  readonly url: string;
  /** What it printed last. */
  printed(): string;
  stop(): Promise<void>;
}

/** The account that moto's callers are in. */
export const ACCOUNT = "123456789012";
export const REGION = "us-east-1";

/** Region and keys of nobody's, and nothing of this machine's. */
export function environmentFor(url: string, home: string): Record<string, string | undefined> {
  return {
    PATH: process.env["PATH"],
    HOME: home,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_EC2_METADATA_DISABLED: "true",
    NODE_NO_WARNINGS: "1",
  };
}

/**
 * Starts moto's server with our plug-in. It ends with this process, however that ends.
 * @throws Error with what it printed, where it does not come up
 */
export async function startMoto(home: string): Promise<Moto> {
  const port = await freePort();
  // By name: the CDK CLI would put the bucket's name before an address.
  const url = `http://localhost:${port}`;
  const child = spawn(PYTHON, ["-B", "-W", "ignore", PLUG_IN, String(port)], { env: environmentFor(url, home) });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed = (printed + text).slice(-2_000);
    });
  }
  const ended = once(child, "close");
  const moto = {
    url,
    printed: () => printed,
    async stop() {
      child.kill();
      await ended;
    },
  };
  for (let poll = 0; poll < POLLS && child.exitCode === null; poll += 1) {
    if (await answers(url)) return moto;
    await pause(POLL_MS);
  }
  await moto.stop();
  throw new Error(`moto's server did not come up, it printed:\n${printed}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/data.json`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
