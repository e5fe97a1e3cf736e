import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { buildBundle } from "../../lib/bundle.ts";
import { type Run, runProcess } from "../bench/run.ts";
import { startStandIns } from "../bench/stand-ins.ts";

/** What only a person's wish and the escrow need. */
const LAZY = /^(?:answer-person|ssm-client)-/;

/**
 * The built bundle without its lazy files, in a process of its own, over TLS as on AWS: over plain HTTP the SDK would load more of Node.
 */
async function observe(
  pair: "due" | "fresh",
  invocations: number,
): Promise<Run & { readonly lazy: readonly string[] }> {
  const directory = mkdtempSync(join(tmpdir(), "bundle-"));
  buildBundle(directory);
  const lazy = readdirSync(directory).filter((file) => LAZY.test(file));
  for (const file of lazy) rmSync(join(directory, file));
  const standIns = await startStandIns();
  try {
    const runHandler = join(import.meta.dirname, "../bench/run-handler.mjs");
    const command = [process.execPath, runHandler, join(directory, "index.mjs")] as const;
    return { ...(await runProcess(standIns, command, invocations, pair)), lazy };
  } finally {
    await standIns.close();
    rmSync(directory, { recursive: true });
  }
}

/** A rotation of a new process, and one on the process when it is warm. */
let rotations: Awaited<ReturnType<typeof observe>>;
let idleTick: Awaited<ReturnType<typeof observe>>;
beforeAll(async () => {
  rotations = await observe("due", 2);
  idleTick = await observe("fresh", 1);
});

const READS = ["DescribeSecret", "GetSecretValue", "GetSecretValue"];

it("loads neither what serves a person nor the client of the escrow, in a tick that renews and in an idle one", () => {
  // given a bundle without the two files
  // when
  const { granted } = rotations.traffic;

  // then
  expect([rotations.lazy.length, idleTick.lazy.length]).toEqual([2, 2]);
  expect(granted).toBe(2);
  expect(idleTick.traffic.granted).toBe(0);
});

it("looks with three reads at once, each on a connection of its own", () => {
  // given an idle tick of a new process
  // when
  const { requests, connections } = idleTick.traffic;

  // then
  expect(requests.map(({ operation }) => operation).sort()).toEqual(READS);
  // A client opens another connection only while none that it has is free.
  expect(connections).toBe(3);
});

it("rotates with three writes more and one exchange, and opens no further connection to AWS, then or later", () => {
  // given two rotations of one process
  // when
  const { requests, connections, granted, isNewestCurrent } = rotations.traffic;

  // then
  const rotation = ["PutSecretValue", "token", "PutSecretValue", "UpdateSecretVersionStage"];
  const operations = requests.map(({ operation }) => operation);
  expect([operations.slice(0, 3).sort(), operations.slice(7, 10).sort()]).toEqual([READS, READS]);
  expect([operations.slice(3, 7), operations.slice(10)]).toEqual([rotation, rotation]);
  expect(connections).toBe(3);
  expect({ granted, isNewestCurrent }).toEqual({ granted: 2, isNewestCurrent: true });
});

it("writes a new pair on a connection that has served before", () => {
  // given two rotations of one process, in each of which the second write is the pair's
  // when
  const writes = rotations.traffic.requests.filter(({ operation }) => operation === "PutSecretValue");

  // then
  expect(writes.map(({ isReused }) => isReused)).toEqual([true, true, true, true]);
});

it("never loads node:http over HTTPS, nor undici, which fetch and node:http bring along", () => {
  // given two rotations of one process
  // when
  const { modules } = rotations;

  // then
  expect(modules).toContain("NativeModule https");
  expect(modules.filter((module) => /^NativeModule http$|undici/.test(module))).toEqual([]);
});
