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

This page is generated from the simulation in \`test/simulation/\`, which plays the real rotation against simulated stores, a simulated XT
and simulated time. Each row is something that was played, not something that was thought; a test fails when the page is not current,
and \`npm run docs:faults\` writes it anew. ${count} histories are summed up here. Pairs of faults, outages, overlapping runs, stale reads, skewed
clocks and people who act in the middle are played by \`npm run test:simulation\`, under the same invariants.

How to read it:

- Each section is one request of a rotation, in the order in which they are sent. Each row gathers the faults that end alike.
- **the run** is what the run that meets the fault ends with: its \`outcome\`, or the name of the error that it fails with. Every error,
  timeout and crash counts in Lambda's \`Errors\`, where an alarm can see it.
- **then** is what later ticks do, one every 15 minutes, without a person unless the cell names one.
- **lost** says \`nothing\` where XT's newest pair is in AWSCURRENT at the end, was renewed once more, and workloads read its access token.
- XT does not document what a spent refresh token is still worth. Four XTs were played: one that *revokes* the whole grant when a spent
  token is presented, one that *refuses* it, one that takes it for an hour (*grace*), and one that always takes it (*reusable*).
  *replay* and *hold* are the two values of the setting \`unknownOutcomePolicy\`. Where a row names none of these, all of them end alike.

The one window that no client can close: XT has spent the token, and the new pair did not reach a store. Its answer never arrived, no store
took the pair in two minutes, or the process died in the milliseconds before its first write. A process that stands still in these milliseconds and goes on
after 20 minutes stores its pair; it is lost only where XT has revoked the grant, because a tick presented the spent token meanwhile. Nothing
else on this page loses anything.
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
