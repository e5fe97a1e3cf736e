import { parseArgs } from "node:util";
import type { Effort } from "./measure.ts";

export const HELP = `npm run bench                   compares, in shuffled rounds, what a start and a rotation cost
npm run bench -- --rounds N     30 unless told
npm run bench -- --seed N       the order within the rounds, for repeating it
npm run bench -- --quick        two rounds: shows that everything runs, its numbers mean little
npm run bench -- --node PATH    the Node to measure on; otherwise Node 24, installed by npm where it is not the running one
npm run bench -- --write        writes the results into docs/performance.md and docs/performance.svg`;

export interface Options {
  readonly effort: Effort;
  readonly node: string | undefined;
  readonly writes: boolean;
}

/**
 * @returns undefined where help is wanted
 * @throws Error with a sentence about the option that can't be used
 */
export function readOptions(parameters: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      rounds: { type: "string" },
      seed: { type: "string" },
      quick: { type: "boolean", default: false },
      node: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  const rounds = countOf("rounds", values.rounds ?? (quick ? "2" : "30"));
  return {
    effort: {
      rounds,
      exposureRounds: quick ? 1 : Math.ceil(rounds / 3),
      warmInvocations: quick ? 3 : 10,
      seed: countOf("seed", values.seed ?? String(Date.now() % 1_000_000)),
    },
    node: values.node,
    writes: values.write,
  };
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be a whole number from 1, got ${text}`);
  return count;
}
