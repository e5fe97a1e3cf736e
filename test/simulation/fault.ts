/** One request of a rotation to one of the three services, in the words of the timeline and of docs/faults.md. */
export type CallName =
  | "reading the labels"
  | "reading the pair"
  | "reading the client credentials"
  | "reading a version"
  | "fencing"
  | "the exchange"
  | "voiding"
  | "staging"
  | "promoting"
  | "reading what is published"
  | "publishing"
  | "moving what is published"
  | "marking the attempt unspent"
  | "marking the attempt rejected"
  | "listing the versions"
  | "escrowing"
  | "listing the escrow"
  | "searching the escrow"
  | "clearing the escrow"
  | "probing XT";

/** The requests of a renewal that nothing disturbs, in their order. */
export const RENEWAL = [
  "reading the labels",
  "reading the pair",
  "reading the client credentials",
  "reading what is published",
  "fencing",
  "the exchange",
  "staging",
  "promoting",
  "publishing",
] as const satisfies readonly CallName[];

/** The number of a request, from 1, in such a renewal. */
export function placeOf(name: (typeof RENEWAL)[number]): number {
  return RENEWAL.indexOf(name) + 1;
}

/** One request, as a plan of faults sees it. */
export interface Call {
  /** 1 for the first request of the history that is watched. */
  readonly index: number;
  readonly run: string;
  readonly name: CallName;
  readonly atMs: number;
}

/**
 * What goes wrong with one request. `before`: it takes no effect. `after`: it takes effect. `late`: it takes effect a minute
 * after its caller has given it up.
 * - `error`: the service answers with a 5xx.
 * - `lost`: the connection breaks.
 * - `stall`: nothing comes until the caller gives the attempt up.
 * - `death`: the process is killed.
 * - `freeze`: the process stands still until the platform ends it at its deadline.
 * - `suspend`: the process stands still for 20 minutes, and then goes on as if nothing had happened.
 * - `denied`: the service refuses. XT refuses the token and does not spend it.
 * - `stale`: a read is answered as of 9 minutes and 59 seconds ago.
 * - `unsent`, `throttled`: of the exchange alone; no connection, and a 429.
 * - `cut-off`, `cut-off refresh`: of the exchange alone; an answer that ends inside the first token, or the second.
 */
export type Fault =
  | { readonly kind: "error" | "lost" | "death" | "freeze"; readonly when: "before" | "after" }
  | { readonly kind: "stall"; readonly when: "before" | "after" | "late" }
  | {
      readonly kind: "denied" | "stale" | "unsent" | "throttled" | "cut-off" | "cut-off refresh" | "suspend";
      readonly when: "before" | "after";
    };

/** Asked once for every request; `undefined` lets it through unharmed. */
export type FaultPlan = (call: Call) => Fault | undefined;

const EVERYWHERE: readonly Fault[] = [
  { kind: "error", when: "before" },
  { kind: "error", when: "after" },
  { kind: "lost", when: "before" },
  { kind: "lost", when: "after" },
  { kind: "stall", when: "before" },
  { kind: "stall", when: "after" },
  { kind: "denied", when: "before" },
  { kind: "death", when: "before" },
  { kind: "death", when: "after" },
  { kind: "freeze", when: "before" },
  { kind: "freeze", when: "after" },
];
/** A read takes no effect, so that before and after are one. */
const OF_READS: readonly Fault[] = [
  ...EVERYWHERE.filter(({ when }) => when === "before"),
  { kind: "stale", when: "before" },
];
const OF_WRITES: readonly Fault[] = [...EVERYWHERE, { kind: "stall", when: "late" }];
const OF_EXCHANGES: readonly Fault[] = [
  ...OF_WRITES,
  { kind: "unsent", when: "before" },
  { kind: "throttled", when: "before" },
  { kind: "cut-off", when: "after" },
  { kind: "cut-off refresh", when: "after" },
  { kind: "suspend", when: "after" },
];

/** Everything that can go wrong with one request. */
export function faultsOf(name: CallName): readonly Fault[] {
  switch (name) {
    case "reading the labels":
    case "reading the pair":
    case "reading a version":
    case "reading what is published":
      return OF_READS;
    case "reading the client credentials":
    case "listing the versions":
    case "listing the escrow":
    case "searching the escrow":
    case "probing XT":
      return OF_READS.filter(({ kind }) => kind !== "stale");
    case "the exchange":
      return OF_EXCHANGES;
    case "fencing":
    case "voiding":
    case "staging":
    case "promoting":
    case "publishing":
    case "moving what is published":
    case "marking the attempt unspent":
    case "marking the attempt rejected":
    case "escrowing":
    case "clearing the escrow":
      return OF_WRITES;
  }
}

/** A fault in a word or two, for names of histories and for timelines. */
export function faultName({ kind, when }: Fault): string {
  switch (kind) {
    case "error":
    case "lost":
    case "stall":
    case "death":
    case "freeze":
      return `${kind} ${when}`;
    case "denied":
    case "stale":
    case "unsent":
    case "throttled":
    case "cut-off":
    case "cut-off refresh":
    case "suspend":
      return kind;
  }
}
