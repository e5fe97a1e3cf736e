import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { runProgram } from "./run-program.ts";

export const PYTHON = "python3";

/** The plug-in reaches into moto where no interface is promised, so only the release that it was written for is certain to take it. */
const MOTO_RELEASE = "5.2.";

/** Node's release of the deployed runtime, from the registry, and the client that runs functions inside Lambda. */
const PACKAGES = { [`node-${process.platform}-${process.arch}`]: "24.21.0", "aws-lambda-ric": "4.0.2" };

/** What runs a function as Lambda does. */
export interface LambdaRuntime {
  /** Node.js 24. */
  readonly node: string;
  /** The runtime interface client's program. */
  readonly client: string;
}

/** Says in one sentence why moto's server cannot be used, or nothing where it can. */
export async function motoFault(): Promise<string | undefined> {
  const { exit, output } = await runProgram(PYTHON, ["-c", "import boto3, moto, moto.server; print(moto.__version__)"]);
  if (exit !== 0) return "moto_server is not installed (pip install 'moto[server]==5.2.1'), nothing is deployed";
  const version = output.trim();
  if (version.startsWith(MOTO_RELEASE)) return undefined;
  return `moto ${version} is installed, expected 5.2.1 (pip install 'moto[server]==5.2.1'), nothing is deployed`;
}

/**
 * Finds Node.js 24 and the runtime interface client in the user's cache, or installs them there, which takes a minute; `undefined`
 * where that fails. Never among the project's own packages: the client is compiled, which not every machine can do.
 */
export async function findLambdaRuntime(say: (line: string) => void): Promise<LambdaRuntime | undefined> {
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "xt-token-rotation");
  const directory = join(cache, `lambda-${Object.values(PACKAGES).join("-")}`);
  const runtime = {
    node: join(directory, "node_modules", ".bin", "node"),
    client: join(directory, "node_modules", "aws-lambda-ric", "index.mjs"),
  };
  if (await works(runtime)) return runtime;
  say("installing Node.js 24 and Lambda's runtime interface client, once, about a minute");
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, "unfinished-"));
  try {
    const manifest = { private: true, dependencies: PACKAGES, allowScripts: { "aws-lambda-ric": true } };
    await writeFile(join(unfinished, "package.json"), JSON.stringify(manifest));
    const { exit } = await runProgram("npm", ["install", "--no-audit", "--no-fund"], { cwd: unfinished });
    if (exit !== 0) return undefined;
    await rm(directory, { recursive: true, force: true });
    await rename(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return (await works(runtime)) ? runtime : undefined;
}

/** The compiled half is loaded too, since a build that failed leaves the package behind; it wants the API's address at once. */
async function works({ node, client }: LambdaRuntime): Promise<boolean> {
  const load = `require(${JSON.stringify(join(dirname(client), "rapid-client.node"))}); console.log(process.version)`;
  const { exit, output } = await runProgram(node, ["-e", load], { env: { AWS_LAMBDA_RUNTIME_API: "127.0.0.1" } });
  return exit === 0 && output.startsWith("v24.");
}
