import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Surroundings, Target } from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";

/** What one check of `doctor` found. */
export interface Remark {
  /** `unchecked`: nobody can say, and that is no fault. */
  readonly kind: "good" | "warning" | "bad" | "unchecked";
  readonly sentence: string;
  /** What to do, or to type. */
  readonly next?: string | undefined;
}

/** What the checks work on. */
export interface Examination {
  readonly target: Target;
  readonly surroundings: Surroundings;
  readonly client: SecretsManagerClient;
}

export interface Check {
  /** One or two words. */
  readonly title: string;
  examine(): Promise<Remark>;
}

export function good(sentence: string): Remark {
  return { kind: "good", sentence };
}

export function warning(sentence: string, next?: string): Remark {
  return { kind: "warning", sentence, next };
}

export function bad(sentence: string, next?: string): Remark {
  return { kind: "bad", sentence, next };
}

/** Runs one check. What cannot be checked is no end of the others. */
export async function examine({ examine }: Check): Promise<Remark> {
  try {
    return await examine();
  } catch (error) {
    if (error instanceof CommandFailure) return bad(error.message);
    // An unforeseen error's text may hold a secret; its class cannot.
    return bad(`an unforeseen ${error instanceof Error ? error.constructor.name : typeof error} ended this check`);
  }
}
