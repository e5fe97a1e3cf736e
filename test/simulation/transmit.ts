import { type Call, type CallName, type Fault, faultName } from "./fault.ts";
import type { Run } from "./run.ts";
import type { World } from "./world.ts";

/** One request: what it does to the world, and what its caller is told where nothing came back. */
export interface Request<Answer> {
  readonly name: CallName;
  /** How long the caller waits. */
  readonly attemptMs: number;
  /** Takes effect. Throws what the service refuses it with. `fault` is one that changes the answer and not the way. */
  readonly effect: (fault: Fault | undefined) => Answer;
  /** What the caller sees of a fault; throws for a caller that is told by exceptions. */
  readonly failure: (fault: Fault) => Answer;
  /** The caller got the answer. */
  readonly onAnswer?: (answer: Answer) => void;
}

/** A request that stalls past its caller's patience takes effect this much later. */
const LATE_MS = 60_000;

/** Sends one request of a run through the faults of the world. Never settles for a run that is over. */
export function transmit<Answer>(world: World, run: Run, request: Request<Answer>): Promise<Answer> {
  const { name, attemptMs, effect, failure, onAnswer } = request;
  return new Promise((resolve, reject) => {
    if (run.isOver) return;
    if (run.standsStillForMs > 0) {
      world.time.after(run.standsStillForMs, run.id, () => transmit(world, run, request).then(resolve, reject));
      return;
    }
    run.record.calls.push(name);
    const call = world.nextCall(run.id, name);
    const fault = world.faults(call);
    if (fault !== undefined) run.record.isDisturbed = true;
    const latencyMs = world.latencyMs(name);

    function after(delayMs: number, act: () => void): void {
      world.time.after(delayMs, run.id, act);
    }

    function takeEffect(): Answer {
      world.beforeEffect(call);
      return effect(fault);
    }

    function tellRun(tell: () => Answer): void {
      if (run.isOver) return;
      if (run.standsStillForMs > 0) {
        after(run.standsStillForMs, () => tellRun(tell));
        return;
      }
      try {
        const answer = tell();
        onAnswer?.(answer);
        resolve(answer);
      } catch (error) {
        reject(error);
      }
    }

    if (fault === undefined || isOfTheAnswer(fault)) {
      after(latencyMs, () => {
        tellOf(world, call, fault);
        // The effect is not the run's to see where the run has died meanwhile, but it takes place.
        const outcome = attempt(takeEffect);
        if (fault?.kind === "suspend") run.suspend();
        if (!run.isOver) run.record.answered.add(name);
        tellRun(outcome);
      });
      return;
    }
    const isStall = fault.kind === "stall";
    if (fault.when === "after") after(latencyMs, () => ignoring(takeEffect));
    if (fault.when === "late") after(attemptMs + LATE_MS, () => ignoring(takeEffect));
    after(isStall ? attemptMs : latencyMs, () => {
      tellOf(world, call, fault);
      if (fault.when === "before") world.beforeEffect(call);
      if (fault.kind === "death") run.end("killed");
      else if (fault.kind === "freeze") run.freeze();
      else tellRun(() => failure(fault));
    });
  });
}

/** Changes what the service answers, and not whether it does. */
function isOfTheAnswer({ kind }: Fault): boolean {
  return kind === "stale" || kind === "cut-off" || kind === "cut-off refresh" || kind === "suspend";
}

function attempt<Answer>(act: () => Answer): () => Answer {
  try {
    const answer = act();
    return () => answer;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function ignoring(act: () => unknown): void {
  try {
    act();
  } catch {
    // Whatever the service would have said, nobody hears it.
  }
}

function tellOf(world: World, { index, run, name }: Call, fault: Fault | undefined): void {
  const harm = fault === undefined ? "" : `  ✗ ${faultName(fault)}`;
  world.tell(`${run}  #${index} ${name}${harm}`);
}
