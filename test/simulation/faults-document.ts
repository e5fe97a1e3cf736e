import type { Consequence } from "./consequence.ts";
import { type Observation, POLICIES, type Section } from "./fault-matrix.ts";
import { REUSES } from "./xt.ts";

/** docs/faults.md, whole. */
export function renderFaults(sections: readonly Section[]): string {
  const count = sections.reduce((sum, { observations }) => sum + observations.length, 0);
  return `${introduction(count)}\n${sections.map(renderSection).join("\n")}`;
}

function introduction(count: number): string {
  return `# What fails, what you see, what is lost

This page is generated from the simulation in \`test/simulation/\`. It plays the real rotation against simulated stores, a simulated XT
and simulated time. Every row was played. A test fails when the page is not current, and \`npm run docs:faults\` generates it. The page
sums up ${count} runs of the simulation. \`npm run test:simulation\` plays pairs of faults, outages, overlapping runs, stale reads, skewed
clocks and people who act in the middle, under the same invariants.

How to read it:

- Each section is one request of a rotation, in the order in which they are sent. Each row groups the faults that end in the same way.
- **the run** is how the run with the fault ends: its \`outcome\`, or the name of its error. Every error, timeout and crash counts in
  Lambda's \`Errors\`.
- **then** is what later ticks do, one every 15 minutes. No person acts unless the cell says so.
- **lost** says \`nothing\` if XT's newest pair is in AWSCURRENT at the end and was renewed once more.
- XT does not document what happens when a spent refresh token is presented. Four kinds of XT were played: one *revokes* the whole grant,
  one *refuses* the token, one accepts it for an hour (*grace*), and one always accepts it (*reusable*). *replay* and *hold* are the two
  values of the setting \`unknownOutcomePolicy\`. If a row names none of these, the row is true for all of them.

One window stays open to every client: XT has spent the token, and the new pair did not reach a store. Either XT's answer never arrived, or
no store took the pair in two minutes, or the process died in the milliseconds before its first write. A process that stops in these
milliseconds and continues after 20 minutes still stores its pair. That pair is lost only if XT has revoked the grant because a tick
presented the spent token in the meantime. Nothing else on this page loses anything.
`;
}

function renderSection({ title, observations }: Section): string {
  const faults = [...new Set(observations.map(({ fault }) => fault))];
  const rows = new Map<
    string,
    { readonly consequence: Consequence; readonly circumstances: string; faults: string[] }
  >();
  for (const fault of faults) {
    for (const [circumstances, consequence] of groups(observations.filter((seen) => seen.fault === fault))) {
      const key = JSON.stringify([circumstances, consequence]);
      const row = rows.get(key) ?? { consequence, circumstances, faults: [] };
      row.faults.push(fault);
      rows.set(key, row);
    }
  }
  const lines = [...rows.values()].map(({ consequence: { seen, next, lost }, circumstances, faults: alike }) => {
    const where = circumstances === "" ? "" : `<br>*${circumstances}*`;
    return `| ${alike.join("<br>")}${where} | ${seen} | ${next} | ${lost} |`;
  });
  return `## ${title}\n\n| what fails | the run | then | lost |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n`;
}

/** The consequences of one fault, each with the circumstances that it takes. */
function groups(observations: readonly Observation[]): readonly (readonly [string, Consequence])[] {
  const alike = new Map<string, Observation[]>();
  for (const observation of observations) {
    const key = JSON.stringify(observation.consequence);
    alike.set(key, [...(alike.get(key) ?? []), observation]);
  }
  return [...alike.values()].flatMap((group) =>
    group[0] ? [[circumstancesOf(group), group[0].consequence] as const] : [],
  );
}

const SHORT = {
  "single-use-revoking": "revokes",
  "single-use": "refuses",
  "grace period": "grace",
  reusable: "reusable",
};

/** The policy where it matters, and the XTs where they do. */
function circumstancesOf(group: readonly Observation[]): string {
  const [replay, hold] = POLICIES.map((policy) => xtsOf(group.filter((seen) => seen.policy === policy)));
  if (replay === hold) return replay ?? "";
  return [
    replay === undefined ? "" : `replay${replay && `, ${replay}`}`,
    hold === undefined ? "" : `hold${hold && `, ${hold}`}`,
  ]
    .filter((words) => words !== "")
    .join("; ");
}

/** Empty where every XT is meant, absent where none is. */
function xtsOf(group: readonly Observation[]): string | undefined {
  const reuses = REUSES.filter((reuse) => group.some((seen) => seen.reuse === reuse));
  if (reuses.length === 0) return undefined;
  return reuses.length === REUSES.length ? "" : reuses.map((reuse) => SHORT[reuse]).join(" or ");
}
