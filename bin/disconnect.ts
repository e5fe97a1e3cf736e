import { DEFAULT_CONNECTION } from "../lambda/contract.ts";
import { callAws, describeSecret, furtherSecretsOf, scheduleGroupOf, type Target, unlessAbsent } from "./aws.ts";
import { CommandFailure, EXIT, type Exit } from "./failure.ts";
import { type Call, describeInstant, type Row, tellNext, tellRows } from "./show.ts";

/** The longest recovery window that Secrets Manager offers, and its own default. */
const DEFAULT_DAYS = "30";

/** A secret that is absent or marked for deletion before this command acts. Times are ISO 8601 UTC. */
type Gone =
  | { readonly name: string; readonly state: "absent" }
  | { readonly name: string; readonly state: "already-marked"; readonly markedAt: string };
type Found = { readonly name: string; readonly state: "present" } | Gone;
type Ended = { readonly name: string; readonly state: "marked"; readonly deletedAfter: string | null } | Gone;

/**
 * Ends the renewals of a connection, then marks its secrets for deletion. A step whose work is already done succeeds. So the same command
 * again finishes what an interrupted one left.
 *
 * ```
 *   a │ schedule      DeleteSchedule   dies here: no tick renews the pair, until the next census makes the schedule again
 *   b │ pair          DeleteSecret     dies here: workloads read the last access token until it expires
 *   c │ access token  DeleteSecret
 * ```
 *
 * The pair comes before the access token, because a census restores the access-token secret of a connection that still has a pair.
 */
export async function run(call: Call): Promise<Exit> {
  const { target, options, terminal } = call;
  const { connection, region } = target;
  const { days = DEFAULT_DAYS, yes } = options.own;
  if (connection === DEFAULT_CONNECTION) {
    throw new CommandFailure(
      `${DEFAULT_CONNECTION} is the stack's own connection and cannot be disconnected, name another one with --connection`,
      EXIT.unusable,
    );
  }
  const names = furtherSecretsOf(target);
  if (names === undefined) {
    throw new CommandFailure(`the function has no settings for further connections, deploy the stack again`);
  }
  const group = scheduleGroupOf(target);
  const looking = Promise.all(Object.values(names).map((name) => findSecret(name, region)));
  const found = await terminal.waiting("looking for the secrets", looking);
  if (yes === undefined && isNowhere(found)) throw unknown(connection);
  if (!options.json) tellPlan(call, group, found, String(days));
  if (yes === undefined && !(terminal.isInteractive && (await terminal.confirm(`disconnect ${connection}?`)))) {
    terminal.complain("nothing is changed");
    const chosen = days === DEFAULT_DAYS ? "" : ` --days ${days}`;
    if (!options.json) tellNext(terminal, target.commandLine(`disconnect --yes${chosen}`));
    return EXIT.failed;
  }
  const schedule = group === undefined ? "absent" : await deleteSchedule(target, group);
  if (schedule === "absent" && isNowhere(found)) throw unknown(connection);
  terminal.note(schedule === "deleted" ? `schedule: deleted ${group}/${connection}` : "schedule: there is none");
  const secrets: Ended[] = [];
  for (const secret of found) {
    const ended = secret.state === "present" ? await markForDeletion(secret.name, region, Number(days)) : secret;
    terminal.note(`${ended.name}: ${describeEnd(ended)}`);
    secrets.push(ended);
  }
  if (options.json) terminal.json({ schema: 1, connection, schedule, secrets });
  else tellEnd(call, secrets);
  return EXIT.done;
}

function isNowhere(secrets: readonly Found[]): boolean {
  return secrets.every(({ state }) => state === "absent");
}

function unknown(connection: string): CommandFailure {
  return new CommandFailure(`there is no connection ${connection}, nothing is changed: check the name`);
}

async function findSecret(name: string, region: string): Promise<Found> {
  const found = await describeSecret(name, region);
  if (found === undefined) return { name, state: "absent" };
  const markedAt = found.DeletedDate?.toISOString();
  return markedAt === undefined ? { name, state: "present" } : { name, state: "already-marked", markedAt };
}

function tellPlan({ terminal }: Call, group: string | undefined, secrets: readonly Found[], days: string): void {
  const schedule: readonly Row[] = group === undefined ? [] : [["schedule", "is deleted, so no tick renews the pair"]];
  const fate = {
    absent: "does not exist",
    "already-marked": "is already marked for deletion",
    present: `is marked for deletion, AWS deletes it after ${days} days`,
  };
  terminal.tell("this will happen:");
  tellRows(terminal, [
    ...schedule,
    ...secrets.map(({ name, state }): Row => [name, fate[state]]),
    ["grant at XT", "stays. XT documents no call that revokes it, the user revokes it at XT"],
  ]);
}

async function deleteSchedule({ connection, region }: Target, GroupName: string): Promise<"deleted" | "absent"> {
  const { DeleteScheduleCommand, SchedulerClient } = await import("@aws-sdk/client-scheduler");
  const client = new SchedulerClient({ region });
  const command = new DeleteScheduleCommand({ GroupName, Name: connection });
  const on = `${GroupName}/${connection}`;
  const done = await callAws("scheduler:DeleteSchedule", on, region, () => unlessAbsent(client.send(command)));
  return done === undefined ? "absent" : "deleted";
}

async function markForDeletion(name: string, region: string, RecoveryWindowInDays: number): Promise<Ended> {
  const { DeleteSecretCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({ region });
  const command = new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays });
  const done = await callAws("secretsmanager:DeleteSecret", name, region, () => unlessAbsent(client.send(command)));
  if (done === undefined) return { name, state: "absent" };
  return { name, state: "marked", deletedAfter: done.DeletionDate?.toISOString() ?? null };
}

function describeEnd(secret: Ended): string {
  const nowMs = Date.now();
  switch (secret.state) {
    case "absent":
      return "there is none";
    case "already-marked":
      return `was marked for deletion at ${describeInstant(secret.markedAt, nowMs)}`;
    case "marked":
      return `marked for deletion, AWS deletes it after ${describeInstant(secret.deletedAfter, nowMs)}`;
  }
}

function tellEnd({ terminal, target }: Call, secrets: readonly Ended[]): void {
  const { connection } = target;
  // If a secret was marked before, AWS does not say when its recovery window ends.
  const dates = secrets.map((secret) => (secret.state === "marked" ? secret.deletedAfter : null));
  const until = dates.includes(null) ? "AWS deletes its secrets" : describeInstant(dates[0] ?? null, Date.now());
  terminal.tell(`${terminal.good("✓")} ${connection} is disconnected. Until ${until}, an authorization takes it back`);
  tellNext(terminal, target.commandLine("authorize"));
}
