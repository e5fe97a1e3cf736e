import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

/** Starts `npm start -- --serve` without npm. Settles with what it printed up to its first tick. */
async function serve(): Promise<string> {
  const program = spawn(process.execPath, ["--import", "tsx", "sandbox/start.ts", "--serve"], { cwd: ROOT });
  onTestFinished(async () => {
    program.kill();
    await once(program, "close");
  });
  let printed = "";
  return new Promise((resolve, reject) => {
    program.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (printed.includes("not-seeded")) resolve(printed);
    });
    program.on("exit", () => reject(new Error(`it ended: ${printed}`)));
  });
}

it("prints what to export, and answers an invocation and XT's page there", { timeout: 60_000 }, async () => {
  // given
  const printed = await serve();
  const endpoint = /^export AWS_ENDPOINT_URL=(http:\S+)$/m.exec(printed)?.[1] ?? "";
  const page = /^http:\S+$/m.exec(printed)?.[0] ?? "";

  // when
  const name = "XtTokenRotation-Function%3Alive";
  const invoked = await fetch(`${endpoint}/2015-03-31/functions/${name}/invocations`, { method: "POST", body: "{}" });
  const consent = await fetch(page);

  // then
  expect(printed).toContain(
    "\nexport AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1\nexport AWS_ACCESS_KEY_ID=sandbox\n",
  );
  expect(invoked.headers.get("x-amz-function-error")).toBeNull();
  expect(await invoked.json()).toMatchObject({
    outcome: "halted",
    reason: expect.stringMatching(/^not-seeded: /),
    versionId: null,
  });
  expect(await consent.text()).toContain("Grant access as user 12345678");
});
