import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Answer, CRASH, fleet, state } from "./fixtures/aws.ts";
import { play } from "./fixtures/play.ts";

/** As many as a person cannot read: user-001, user-002, … */
const MANY = Array.from({ length: 250 }, (_, index) => state(`user-${String(index + 1).padStart(3, "0")}`));

/** The batches of names that the function was asked about. */
function batchesIn(events: readonly unknown[]): readonly (readonly string[])[] {
  return events.flatMap((event) => {
    const { connections } = event as { readonly connections: unknown };
    return Array.isArray(connections) ? [connections] : [];
  });
}

it("lists the worst first, then by name, in columns", async () => {
  const states = [state("b"), state("a-long-name"), state("lost", 4), state("default", 3)];

  const { exit, stdout, stderr } = await play("connections", { answers: fleet(states) });

  expect(exit).toBe(4);
  expect(stderr).toMatch(/ · all connections · /);
  expect(
    stdout.replaceAll(/in \d{5} d/g, "in 99999 d"),
  ).toBe(`  connection   state        access token until                 next renewal
✗ lost         pair-lost    unknown                            unknown
! default      backing-off  2098-11-24 12:00:00Z (in 99999 d)  in 99999 d
✓ a-long-name  not-due      2098-11-24 12:00:00Z (in 99999 d)  in 99999 d
✓ b            not-due      2098-11-24 12:00:00Z (in 99999 d)  in 99999 d
connections: 4 · a person is needed: 1 · heals by itself: 1 · well: 2
  type npx --no xt-token status --connection lost
`);
});

it("reads names page by page, and asks about each connection once, a hundred at a time", async () => {
  const { exit, stdout, events } = await play("connections", { answers: fleet(MANY, 120) });

  expect(exit).toBe(0);
  expect(events.slice(0, 3)).toEqual([
    { connections: {} },
    { connections: { after: "user-120" } },
    { connections: { after: "user-240" } },
  ]);
  const batches = batchesIn(events);
  expect(batches.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(new Set(batches.flat()).size).toBe(250);
  expect(stdout.split("\n")).toHaveLength(253);
});

it("has four invocations at the same time", async () => {
  const thousand = Array.from({ length: 1_000 }, (_, index) => state(`user-${String(index).padStart(4, "0")}`));
  const reply = fleet(thousand);
  let atOnce = 0;
  let most = 0;
  async function answers(event: unknown): Promise<Answer> {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await pause(50);
    atOnce -= 1;
    return reply(event);
  }

  const { exit } = await play("connections --severity 4", { answers });

  expect([exit, most]).toEqual([0, 4]);
});

it("asks only about connections whose names begin with --name", async () => {
  const { stdout, events } = await play("connections --name user-24", { answers: fleet(MANY) });

  expect(batchesIn(events)).toEqual([
    [
      "user-240",
      "user-241",
      "user-242",
      "user-243",
      "user-244",
      "user-245",
      "user-246",
      "user-247",
      "user-248",
      "user-249",
    ],
  ]);
  expect(stdout).toContain("connections: 10 · ");
});

it("asks about no connection if no name begins with --name", async () => {
  const { exit, stdout, events } = await play("connections --name x", { answers: fleet(MANY) });

  expect([exit, stdout, events]).toEqual([0, "there is no such connection\n", [{ connections: {} }]]);
});

it("leaves connections below --severity out of the list, but counts them and exits with the worst severity", async () => {
  const answers = fleet([state("a"), state("b", 3)]);

  const { exit, stdout } = await play("connections --severity 4", { answers });

  expect([exit, stdout]).toEqual([3, "connections: 2 · a person is needed: 0 · heals by itself: 1 · well: 1\n"]);
});

it("prints the command that lists only bad connections if they have left the screen", async () => {
  const { stdout } = await play("connections --name user", { answers: fleet([...MANY, state("user-x", 4)]) });

  expect(stdout).toMatch(/\n {2}type npx --no xt-token connections --name user --severity 3\n {2}type .* user-x\n$/);
});

it("prints the function's states in one JSON document", async () => {
  const states = [state("a"), state("b", 4)];

  const { exit, stdout } = await play("connections --json", { answers: fleet(states) });

  expect(exit).toBe(4);
  expect(JSON.parse(stdout)).toEqual({ schema: 1, connections: [state("b", 4), state("a")] });
});

it("does not repeat a question that failed, shows the rest, and says what is missing", async () => {
  const reply = fleet(MANY);
  const answers = (event: unknown) => (JSON.stringify(event).includes("user-150") ? CRASH : reply(event));

  const { exit, stdout, stderr, events } = await play("connections", { answers });

  expect([exit, batchesIn(events).length]).toEqual([1, 3]);
  expect(stderr).toContain(
    "xt-token: 100 of 250 connections are missing, the first is user-101: the function failed with RotationRejected: rejected: ",
  );
  expect(stdout).toContain("connections: 150 · a person is needed: 0 · heals by itself: 0 · well: 150\n");
});

it("says in one sentence that the function is too old", async () => {
  const errorMessage = "the event is invalid: connections is unknown in the event";
  const answers: Answer[] = [{ kind: "error", document: { errorType: "InvalidEvent", errorMessage } }];

  const { exit, stdout, stderr } = await play("connections", { answers });

  expect([exit, stdout]).toEqual([1, ""]);
  expect(stderr.split("\n").slice(1)).toEqual([
    "xt-token: the function is of an older version and cannot list connections, deploy the stack from the checkout of this program",
    "",
  ]);
});
