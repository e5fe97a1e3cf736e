import { type Call, type CallName, type Fault, type FaultPlan, faultName } from "./fault.ts";

/** A fault at the request with this number. */
export interface PlacedFault {
  readonly index: number;
  readonly fault: Fault;
}

/** Each fault hits its one request. */
export function at(...placed: readonly PlacedFault[]): () => FaultPlan {
  return () => (call) => placed.find(({ index }) => index === call.index)?.fault;
}

/** A fault at the request with this number of one run, whatever others do in between. */
export function inRun(run: string, nth: number, fault: Fault): () => FaultPlan {
  return () => {
    let calls = 0;
    return (call) => {
      if (call.run !== run) return undefined;
      calls += 1;
      return calls === nth ? fault : undefined;
    };
  };
}

/** The exchange with each number, from 1, meets the fault in its place. */
export function exchanges(...faults: readonly (Fault | undefined)[]): () => FaultPlan {
  return () => {
    const left = [...faults];
    return ({ name }) => (name === "the exchange" ? left.shift() : undefined);
  };
}

export const SERVICES = ["Secrets Manager", "the Parameter Store", "XT"] as const;
/** What can be out: a service, or one secret of Secrets Manager alone. */
export type Service = (typeof SERVICES)[number] | "the access-token secret";

/** Whatever has to answer for this request to be answered. */
function servicesOf(name: CallName): readonly Service[] {
  switch (name) {
    case "the exchange":
    case "probing XT":
      return ["XT"];
    case "escrowing":
    case "listing the escrow":
    case "searching the escrow":
    case "clearing the escrow":
      return ["the Parameter Store"];
    case "reading what is published":
    case "publishing":
    case "moving what is published":
      return ["Secrets Manager", "the access-token secret"];
    default:
      return ["Secrets Manager"];
  }
}

/** Services that answer every request with one fault for a while. */
export interface Outage {
  readonly services: readonly Service[];
  readonly fault: Fault;
  /** The request that it begins with. */
  readonly from: number;
  readonly forMs: number;
}

export function during(outage: Outage): () => FaultPlan {
  return () => {
    let beganAtMs: number | undefined;
    return (call: Call) => {
      if (call.index < outage.from) return undefined;
      beganAtMs ??= call.atMs;
      if (call.atMs >= beganAtMs + outage.forMs) return undefined;
      return servicesOf(call.name).some((service) => outage.services.includes(service)) ? outage.fault : undefined;
    };
  };
}

export function nameOf(...placed: readonly PlacedFault[]): string {
  return placed.map(({ index, fault }) => `#${index} ${faultName(fault)}`).join(", ");
}
