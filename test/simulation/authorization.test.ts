import { expect, it } from "vitest";
import { type Errand, TICK } from "./chronicle.ts";
import { faultsOf, RENEWAL } from "./fault.ts";
import { playEveryOrder } from "./interleave.ts";
import { isStored } from "./invariants.ts";
import { inRun } from "./plans.ts";
import { type History, play, type Script } from "./play.ts";

const CODE: Errand = { kind: "authorization", code: "code" };
/** The first run whose requests are watched; the connection was renewed once before. */
const AUTHORIZING = "run-2";
/** Events of the first tick; then ticks until all is at rest, and a person who looks at what is kept. */
function arrive(...errands: readonly Errand[]): Script {
  const at = (errand: Errand) => ({ afterMs: 0, skewMs: 0, errand });
  const deliveries: Script["deliveries"] = (tick) => (tick === 0 ? errands : [TICK]).map(at);
  return { reuse: "single-use-revoking", policy: "replay", deliveries, isEndless: true, horizon: 6, hasLastLook: true };
}

/** What became of the pair that the code bought and of the old grant's newest one, if anything is wrong with it. */
function wrongWith({ world }: History): string | undefined {
  const { presentations, receipts, runs } = world.chronicle;
  const bought = presentations.find(({ token }) => token === "code")?.issued;
  const received = receipts.find(({ token, acknowledgedAtMs }) => token === bought && acknowledgedAtMs !== undefined);
  const { pairs = [] } = runs.at(-1)?.inspection ?? {};
  const isReachable = (token: string) =>
    pairs.some(({ versionId, use }) => {
      return (
        use !== "not-promotable" && (world.textOf(versionId) ?? world.escrowed.get(versionId))?.includes(`"${token}"`)
      );
    });
  if (presentations.filter(({ token }) => token === "code").length > 1) return "the code was exchanged twice";
  // A renewal of the new pair takes its place.
  const isRenewed = presentations.some(({ token, issued }) => token === bought && issued !== undefined);
  if (bought !== undefined && received && !isRenewed && !isReachable(bought)) return `${bought} cannot be reached`;
  const old = ["refresh-token-0002", "refresh-token-0003", "refresh-token-0004"].find((token) => {
    return token !== bought && world.xt.isLive(token, world.time.nowMs);
  });
  const isReceived = old === "refresh-token-0002" || receipts.some(({ token }) => token === old);
  return old !== undefined && isReceived && !isStored(world, old) ? `${old} of the old grant is lost` : undefined;
}

const FAULTS = RENEWAL.flatMap((name, index) => faultsOf(name).map((fault) => inRun(AUTHORIZING, index + 1, fault)));

it("keeps the code's pair and the old grant's under every single fault of an authorization", async () => {
  for (const faults of FAULTS) expect(wrongWith(await play({ ...arrive(CODE), faults }))).toBeUndefined();
});

it.each<readonly [string, readonly Errand[]]>([
  ["a tick", [CODE, TICK]],
  ["another delivery of its code", [CODE, CODE]],
])(
  "keeps the code's pair and the old grant's when it dies at any request beside %s, in every order with one interruption",
  async (_what, errands) => {
    let histories = 0;
    for (let nth = 0; nth <= RENEWAL.length; nth += 1) {
      for (const when of ["before", "after"] as const) {
        const faults = inRun(AUTHORIZING, nth, { kind: "death", when });
        await playEveryOrder({ ...arrive(...errands), faults }, 1, (history) => {
          histories += 1;
          expect(wrongWith(history)).toBeUndefined();
        });
      }
    }
    console.log(`an authorization dies beside another run: ${histories} histories`);

    expect(histories).toBeGreaterThan(100);
  },
);
