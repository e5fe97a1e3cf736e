import type { UnknownOutcomePolicy } from "../../lambda/contract.ts";
import { type Consequence, consequenceOf } from "./consequence.ts";
import type { CallName, FaultPlan } from "./fault.ts";
import { faultsOf, placeOf } from "./fault.ts";
import { inWords } from "./fault-words.ts";
import { at, during, exchanges, type Outage } from "./plans.ts";
import { play, type Script } from "./play.ts";
import { REUSES, type Reuse } from "./xt.ts";

export interface Observation {
  readonly fault: string;
  readonly reuse: Reuse;
  readonly policy: UnknownOutcomePolicy;
  readonly consequence: Consequence;
}

export interface Section {
  readonly title: string;
  readonly observations: readonly Observation[];
}

export const POLICIES: readonly UnknownOutcomePolicy[] = ["replay", "hold"];
const HOUR_MS = 60 * 60_000;

const SECRETS = "Secrets Manager";
const ACCESS_TOKEN = "the access-token secret";
const STORES = [SECRETS, "the Parameter Store"] as const;
const OUT = { fault: { kind: "error", when: "before" }, forMs: HOUR_MS } as const;
const DENIED = { fault: { kind: "denied", when: "before" } } as const;
const STALLED = { fault: { kind: "stall", when: "before" } } as const;
const THROTTLED = { fault: { kind: "throttled", when: "before" } } as const;
const UNREACHED = { fault: { kind: "unsent", when: "before" } } as const;
/** Ticks enough for the longest of the outages. */
const LONG_HORIZON = 80;

/** A course in which one more fault is tried at one request. */
interface Stage {
  readonly title: string;
  readonly call: CallName;
  /** What has gone wrong already. @default nothing */
  readonly before?: () => FaultPlan;
  /** Policies under which runs come to this request. @default both */
  readonly policies?: readonly UnknownOutcomePolicy[];
}

/** The token is refused with a 429, so that the attempt has to be marked. */
const throttled = at({ index: placeOf("the exchange"), fault: { kind: "throttled", when: "before" } });
/** XT refuses the token, so that the attempt has to be marked twice. */
const refused = exchanges({ kind: "denied", when: "before" });
/** An attempt ends without an answer, and the next one is refused with a 429. */
const unknownThenThrottled = exchanges({ kind: "error", when: "before" }, { kind: "throttled", when: "before" });
/** Secrets Manager refuses every request for an hour from the moment of XT's answer on. */
const outOfReach = during({
  services: ["Secrets Manager"],
  fault: { kind: "error", when: "before" },
  from: placeOf("staging"),
  forMs: HOUR_MS,
});
/** The process dies between fencing and the exchange. */
const diedFenced = at({ index: placeOf("fencing"), fault: { kind: "death", when: "after" } });
/** The process dies between staging and promoting. */
const diedStaged = at({ index: placeOf("staging"), fault: { kind: "death", when: "after" } });

/** The process dies between promoting and publishing. */
const diedPromoted = at({ index: placeOf("promoting"), fault: { kind: "death", when: "after" } });

const STAGES: readonly Stage[] = [
  { title: "Reading the labels of the token secret", call: "reading the labels" },
  { title: "Reading the pair in use", call: "reading the pair" },
  { title: "Reading the client credentials", call: "reading the client credentials" },
  { title: "Reading which version of the access-token secret workloads read", call: "reading what is published" },
  { title: "The fence: writing the attempt record", call: "fencing" },
  { title: "The exchange: XT's token endpoint", call: "the exchange" },
  { title: "Staging: writing the new pair", call: "staging" },
  { title: "Promoting: moving AWSCURRENT to the new pair", call: "promoting" },
  { title: "Publishing: writing the access token where workloads read it", call: "publishing" },
  { title: "After a refusal: marking the attempt as unspent", call: "marking the attempt unspent", before: throttled },
  {
    title: "After a refusal by XT itself: marking the attempt as rejected",
    call: "marking the attempt rejected",
    before: refused,
  },
  {
    title: "Before the attempt that follows an unknown outcome: searching the escrow",
    call: "listing the escrow",
    before: unknownThenThrottled,
    policies: ["replay"],
  },
  { title: "In the hour after a renewal: looking for what it left in the escrow", call: "listing the escrow" },
  {
    title: "Secrets Manager is out for an hour: writing the pair to the escrow",
    call: "escrowing",
    before: outOfReach,
  },
  { title: "After that hour: looking for the staged pair", call: "reading a version", before: outOfReach },
  { title: "After that hour: looking for the pair in the escrow", call: "searching the escrow", before: outOfReach },
  { title: "After that hour: deleting the escrow's copy", call: "clearing the escrow", before: outOfReach },
  {
    title: "A run died after its fence: taking the place of a pair that never came",
    call: "voiding",
    before: diedFenced,
  },
  { title: "A run died after staging: reading what it staged", call: "reading a version", before: diedStaged },
  {
    title: "A run died after promoting: writing the access token that it left unpublished",
    call: "publishing",
    before: diedPromoted,
  },
];

/** Faults that last. */
const OUTAGES: readonly (readonly [words: string, outage: Outage])[] = [
  ["Secrets Manager is out for an hour, from the first read on", { ...OUT, services: [SECRETS], from: 1 }],
  ["Secrets Manager is out for an hour, from the fence on", { ...OUT, services: [SECRETS], from: placeOf("fencing") }],
  [
    "Secrets Manager is out for an hour, from XT's answer on",
    { ...OUT, services: [SECRETS], from: placeOf("staging") },
  ],
  [
    "Secrets Manager is out for an hour, from the promotion on",
    { ...OUT, services: [SECRETS], from: placeOf("promoting") },
  ],
  [
    "Secrets Manager denies everything for an hour, from XT's answer on",
    { ...OUT, ...DENIED, services: [SECRETS], from: placeOf("staging") },
  ],
  [
    "Secrets Manager answers nothing for an hour, from XT's answer on",
    { ...OUT, ...STALLED, services: [SECRETS], from: placeOf("staging") },
  ],
  [
    "both stores are out for ten seconds, from XT's answer on",
    { ...OUT, services: STORES, from: placeOf("staging"), forMs: 10_000 },
  ],
  ["both stores are out for an hour, from XT's answer on", { ...OUT, services: STORES, from: placeOf("staging") }],
  ["the Parameter Store is out for an hour", { ...OUT, services: ["the Parameter Store"], from: 1 }],
  ["the access-token secret is out for six hours", { ...OUT, services: [ACCESS_TOKEN], from: 1, forMs: 6 * HOUR_MS }],
  [
    "the access-token secret denies everything for six hours",
    { ...OUT, ...DENIED, services: [ACCESS_TOKEN], from: 1, forMs: 6 * HOUR_MS },
  ],
  ["XT answers 503 for twelve hours", { ...OUT, services: ["XT"], from: placeOf("the exchange"), forMs: 12 * HOUR_MS }],
  [
    "XT answers 429 for three hours",
    { ...OUT, ...THROTTLED, services: ["XT"], from: placeOf("the exchange"), forMs: 3 * HOUR_MS },
  ],
  [
    "XT is not reached for three hours",
    { ...OUT, ...UNREACHED, services: ["XT"], from: placeOf("the exchange"), forMs: 3 * HOUR_MS },
  ],
  [
    "XT refuses a living token for three hours",
    { ...OUT, ...DENIED, services: ["XT"], from: placeOf("the exchange"), forMs: 3 * HOUR_MS },
  ],
];

/** Plays every single fault at every request of a rotation, for each XT and each policy. */
export async function observeFaults(): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const stage of STAGES) {
    const observations: Observation[] = [];
    for (const policy of stage.policies ?? POLICIES) {
      for (const reuse of REUSES)
        observations.push(...(await observeStage({ policy, reuse, faults: stage.before }, stage)));
    }
    sections.push({ title: stage.title, observations });
  }
  sections.push({ title: "Outages", observations: await observeOutages() });
  return sections;
}

async function observeOutages(): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  for (const [fault, outage] of OUTAGES) {
    for (const policy of POLICIES) {
      for (const reuse of REUSES) {
        const history = await play({ policy, reuse, faults: during(outage), horizon: LONG_HORIZON });
        const met = history.calls.find(({ index }) => index === outage.from)?.run ?? "";
        observations.push({ fault, reuse, policy, consequence: consequenceOf(history, met) });
      }
    }
  }
  return observations;
}

async function observeStage(script: Script, { call, before }: Stage): Promise<readonly Observation[]> {
  const undisturbed = await play(script);
  const place = undisturbed.calls.find(({ name }) => name === call);
  if (place === undefined) throw new Error(`no run of this course comes to ${call}`);
  const observations: Observation[] = [];
  for (const fault of faultsOf(call)) {
    const plan = at({ index: place.index, fault });
    const faults = () => first(plan(), before?.());
    const consequence = consequenceOf(await play({ ...script, faults }), place.run);
    observations.push({ fault: inWords(call, fault), reuse: script.reuse, policy: script.policy, consequence });
  }
  return observations;
}

function first(plan: FaultPlan, other: FaultPlan | undefined): FaultPlan {
  return (call) => {
    // Both are asked, since the other one counts.
    const beneath = other?.(call);
    return plan(call) ?? beneath;
  };
}
