import { expect, it } from "vitest";
import { ALIAS } from "./fixtures/aws.ts";
import { play } from "./fixtures/play.ts";

/** The calls that change something, in order. */
function actsIn(calls: readonly string[]): readonly string[] {
  return calls.filter((call) => call.includes(":Delete"));
}

const EVERYTHING = [
  "scheduler:DeleteSchedule group-1/user-42",
  "secretsmanager:DeleteSecret xt/user-42/pair",
  "secretsmanager:DeleteSecret xt/user-42/access-token",
];

it("deletes the schedule, then marks both secrets, and says until when they can be taken back", async () => {
  const { exit, stdout, events, calls, writes } = await play("disconnect --connection user-42 --yes");

  expect([exit, events, actsIn(calls)]).toEqual([0, [], EVERYTHING]);
  expect(writes.map(({ RecoveryWindowInDays }) => RecoveryWindowInDays)).toEqual([30, 30]);
  expect(stdout.replace(/in \d+ d/, "in 9 d")).toBe(`this will happen:
  schedule                 is deleted, so no tick renews the pair
  xt/user-42/pair          is marked for deletion, AWS deletes it after 30 days
  xt/user-42/access-token  is marked for deletion, AWS deletes it after 30 days
  grant at XT              stays. XT documents no call that revokes it, the user revokes it at XT
✓ user-42 is disconnected. Until 2098-10-24 00:00:00Z (in 9 d), an authorization takes it back
  type npx --no xt-token authorize --connection user-42
`);
});

it("changes nothing if it cannot ask, and prints the command to type", async () => {
  const { exit, stdout, calls } = await play("disconnect --connection user-42 --days 7");

  expect([exit, actsIn(calls)]).toEqual([1, []]);
  expect(stdout).toMatch(/ {2}type npx --no xt-token disconnect --yes --days 7 --connection user-42\n$/);
});

it("needs no stack, and takes the recovery window from --days", async () => {
  const { exit, calls, writes } = await play(`disconnect --connection user-42 --days 7 --yes --function ${ALIAS}`);

  expect([exit, actsIn(calls)]).toEqual([0, EVERYTHING]);
  expect(writes.map(({ RecoveryWindowInDays }) => RecoveryWindowInDays)).toEqual([7, 7]);
});

it("finishes what an interrupted run left", async () => {
  const scene = {
    refusals: { "scheduler:DeleteSchedule": "ResourceNotFoundException" },
    marked: ["xt/user-42/pair"],
  };

  const { exit, stdout, stderr, calls } = await play("disconnect --connection user-42 --yes", scene);

  expect(exit).toBe(0);
  expect(actsIn(calls)).toEqual([EVERYTHING[0], EVERYTHING[2]]);
  expect(stderr).toMatch(
    /\nschedule: there is none\nxt\/user-42\/pair: was marked for deletion at 2026-11-23 12:00:00Z/,
  );
  expect(stdout).toContain(
    "✓ user-42 is disconnected. Until AWS deletes its secrets, an authorization takes it back\n",
  );
});

it("stops at the first refusal, and says what it has done", async () => {
  const refusals = { "secretsmanager:DeleteSecret xt/user-42/access-token": "AccessDeniedException" };

  const { exit, stdout, stderr } = await play("disconnect --connection user-42 --yes", { refusals });

  expect(exit).toBe(1);
  expect(stdout).not.toContain("is disconnected");
  expect(stderr).toMatch(
    /\nschedule: deleted group-1\/user-42\nxt\/user-42\/pair: marked for deletion, .*\nxt-token: .* allow/,
  );
});

it.each([
  ["before it asks", "disconnect --connection user-24"],
  ["and fails, if it does not ask", "disconnect --connection user-24 --yes"],
])("says that there is no connection of this name, %s", async (_, words) => {
  const gone = "ResourceNotFoundException";
  const refusals = { "scheduler:DeleteSchedule": gone, "secretsmanager:DescribeSecret": gone };

  const { exit, stderr } = await play(words, { refusals });

  expect(exit).toBe(1);
  expect(stderr).toContain("there is no connection user-24, nothing is changed: check the name");
});

it.each(["disconnect --yes", "disconnect --yes --connection default"])(
  "refuses to disconnect default in %j",
  async (words) => {
    const { exit, stderr, calls } = await play(words);

    expect([exit, actsIn(calls)]).toEqual([2, []]);
    expect(stderr).toContain(
      "xt-token: default is the stack's own connection and cannot be disconnected, name another one",
    );
  },
);

it("prints what it did in one JSON document", async () => {
  const { stdout } = await play("disconnect --connection user-42 --yes --json", { marked: ["xt/user-42/pair"] });

  expect(JSON.parse(stdout)).toEqual({
    schema: 1,
    connection: "user-42",
    schedule: "deleted",
    secrets: [
      { name: "xt/user-42/pair", state: "already-marked", markedAt: "2026-11-23T12:00:00.000Z" },
      { name: "xt/user-42/access-token", state: "marked", deletedAfter: "2098-10-24T00:00:00.000Z" },
    ],
  });
});
