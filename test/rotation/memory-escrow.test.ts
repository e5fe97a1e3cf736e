import { describeEscrow } from "../adapters/escrow-contract.ts";
import { at } from "./given.ts";
import { memoryEscrow } from "./memory-escrow.ts";

describeEscrow("the escrow in memory", async () => {
  const pairs = new Map<string, string>();
  return { escrow: memoryEscrow(pairs), untilMs: at("12:00"), held: () => Object.fromEntries(pairs) };
});
