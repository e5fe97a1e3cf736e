import { LABEL } from "../../lambda/contract.ts";
import { newVersion } from "../../sandbox/secrets-manager/version.ts";
import {
  addVersion,
  type LabelMove,
  moveLabel,
  NO_VERSIONS,
  type Versions,
} from "../../sandbox/secrets-manager/versions.ts";
import type { VirtualTime } from "./virtual-time.ts";

interface Moment {
  readonly sinceMs: number;
  readonly versions: Versions;
}

/** One strict secret of the sandbox, and everything that it was, since a read may show an older state. */
export class StrictSecret {
  readonly #time: VirtualTime;
  readonly #history: Moment[];

  constructor(time: VirtualTime) {
    this.#time = time;
    this.#history = [{ sinceMs: time.nowMs, versions: NO_VERSIONS }];
  }

  /** As it truly is. */
  get versions(): Versions {
    return this.#history.at(-1)?.versions ?? NO_VERSIONS;
  }

  /** The version that AWSCURRENT is on. */
  get current(): string | undefined {
    return this.versions.holders.get(LABEL.current);
  }

  /** As a read shows it that may be this old. */
  asOf(ageMs: number): Versions {
    const seenMs = this.#time.nowMs - ageMs;
    return (this.#history.findLast(({ sinceMs }) => sinceMs <= seenMs) ?? this.#history[0])?.versions ?? NO_VERSIONS;
  }

  wasCurrent(versionId: string): boolean {
    return this.#history.some(({ versions }) => versions.holders.get(LABEL.current) === versionId);
  }

  textOf(versionId: string | undefined): string | undefined {
    const value = this.versions.byId.get(versionId ?? "")?.value;
    return value?.kind === "text" ? value.text : undefined;
  }

  /** Says whether that changed anything. Throws the strict secret's `Refusal`; nothing has changed then. */
  put(id: string, text: string, labels: readonly string[]): boolean {
    const version = newVersion(id, { kind: "text", text }, this.#time.nowMs);
    return this.#become(addVersion(this.versions, version, labels));
  }

  /** Says whether that changed anything. Throws the strict secret's `Refusal`; nothing has changed then. */
  move(move: LabelMove): boolean {
    return this.#become(moveLabel(this.versions, move));
  }

  #become(versions: Versions): boolean {
    if (versions === this.versions) return false;
    this.#history.push({ sinceMs: this.#time.nowMs, versions });
    return true;
  }
}
