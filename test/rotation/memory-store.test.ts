import { describeTokenStore } from "../adapters/token-store-contract.ts";
import { at } from "./given.ts";
import { memorySecret, memoryStore } from "./memory-store.ts";

describeTokenStore("the store in memory", async () => {
  const secret = memorySecret();
  return {
    store: memoryStore(secret),
    untilMs: at("12:00"),
    put: secret.put,
    labels: () => Object.fromEntries(secret.holders),
    value: (id) => secret.versions.get(id)?.text?.reveal(),
  };
});
