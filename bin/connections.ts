import type { ConnectionState } from "../lambda/connections.ts";
import type { Severity } from "../lambda/contract.ts";
import { commandLineFor } from "./arguments.ts";
import { CommandFailure, EXIT, type Exit } from "./failure.ts";
import { listNames, readStates } from "./invoke.ts";
import { type Call, describeDistance, describeInstant, signOf, tellNext } from "./show.ts";

/** Connections in one event. The function reads 16 at once, so it answers in seconds. If an event fails, this many states are missing. */
const BATCH = 100;

/** Invocations at one time. A new account may run 10 at once, and the ticks need some of them. */
const AT_ONCE = 4;

/** Lines that a small terminal shows. The worst connections are on top, so they leave the screen if the list is longer. */
const SCREEN = 20;

/** Lists how every connection stands, the worst first. The exit code is the severity of the worst. */
export async function run(call: Call): Promise<Exit> {
  const { options, terminal } = call;
  const { name: beginning = "", severity: least = "0" } = options.own;
  const names = await terminal.waiting("listing the connections", namesThatBegin(call, String(beginning)));
  const { states, missing } = await statesOf(call, names);
  for (const [why, absent] of missing) {
    terminal.complain(`${absent.length} of ${names.length} connections are missing, the first is ${absent[0]}: ${why}`);
  }
  const shown = states.filter(({ verdict }) => verdict.severity >= Number(least)).sort(worstFirst);
  if (options.json) terminal.json({ schema: 1, connections: shown });
  else {
    tellTable(call, shown);
    tellSum(call, states, shown);
  }
  const [worst] = [...states].sort(worstFirst);
  return missing.size > 0 ? EXIT.failed : (worst?.verdict.severity ?? EXIT.done);
}

/** @throws CommandFailure if one page fails. The list never lacks names, because nobody would notice it. */
async function namesThatBegin({ target }: Call, beginning: string): Promise<readonly string[]> {
  const names: string[] = [];
  let after: string | undefined;
  do {
    const told = await listNames(target, after);
    if (told.kind === "blind") throw new CommandFailure(told.why);
    names.push(...told.answer.connections);
    after = told.answer.next ?? undefined;
  } while (after !== undefined);
  return names.filter((name) => name.startsWith(beginning));
}

interface States {
  readonly states: readonly ConnectionState[];
  /** Names whose state is unknown. The key says why. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
}

/** A batch that fails is not asked about again: the function is most likely overloaded, and more invocations make that worse. */
async function statesOf({ target, terminal }: Call, names: readonly string[]): Promise<States> {
  const states: ConnectionState[] = [];
  const missing = new Map<string, string[]>();
  const batches = batchesOf(names);

  async function askAll(advance: (count: number) => void): Promise<void> {
    // All loops share the iterator, so each batch is taken once.
    const left = batches.values();
    const takeTurns = async () => {
      for (const batch of left) {
        const told = await readStates(target, batch);
        if (told.kind === "told") states.push(...told.answer);
        else missing.set(told.why, [...(missing.get(told.why) ?? []), ...batch]);
        advance(batch.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
  }

  if (batches.length > 1) await terminal.counting(names.length, "connections", askAll);
  else
    await terminal.waiting(
      "asking the function",
      askAll(() => undefined),
    );
  return { states, missing };
}

function batchesOf(names: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(names.length / BATCH);
  return Array.from({ length: count }, (_, index) => names.slice(index * BATCH, (index + 1) * BATCH));
}

function worstFirst(one: ConnectionState, other: ConnectionState): number {
  return other.verdict.severity - one.verdict.severity || (one.connection < other.connection ? -1 : 1);
}

function tellTable({ terminal }: Call, states: readonly ConnectionState[]): void {
  if (states.length === 0) return;
  const nowMs = Date.now();
  const head = ["connection", "state", "access token until", "next renewal"];
  const rows = states.map(({ connection, verdict, expiresAt, nextRenewalAt }) => [
    connection,
    verdict.code,
    describeInstant(expiresAt, nowMs),
    describeDistance(nextRenewalAt, nowMs),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  terminal.tell(`  ${terminal.dim(line(head))}`);
  for (const [index, { verdict }] of states.entries()) {
    terminal.tell(`${signOf(terminal, verdict.severity)} ${line(rows[index] ?? [])}`);
  }
}

/** Prints how many connections there are of each severity, and what to type about the worst one. */
function tellSum({ terminal, options }: Call, states: readonly ConnectionState[], shown: readonly ConnectionState[]) {
  const count = (severity: Severity) => states.filter(({ verdict }) => verdict.severity === severity).length;
  if (states.length === 0) return terminal.tell("there is no such connection");
  terminal.tell(
    `connections: ${states.length} · a person is needed: ${count(4)} · heals by itself: ${count(3)} · well: ${count(0)}`,
  );
  const [worst] = shown;
  if (worst === undefined || worst.verdict.severity === 0) return;
  if (shown.length > SCREEN && shown.at(-1)?.verdict.severity === 0) {
    const named = options.own["name"] === undefined ? "" : ` --name ${options.own["name"]}`;
    tellNext(terminal, commandLineFor(options, `connections${named} --severity 3`));
  }
  tellNext(terminal, commandLineFor({ ...options, connection: worst.connection }, "status"));
}
