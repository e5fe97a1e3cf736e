import { Refusal } from "../aws-json/refusal.ts";

/** What a request says about a schedule. */
export interface ScheduleSettings {
  readonly description: string | undefined;
  readonly expression: string;
  readonly timeZone: string;
  readonly isEnabled: boolean;
  /** Undefined without a flexible window. */
  readonly flexibleMinutes: number | undefined;
  readonly target: Target;
}

export interface Target {
  readonly arn: string;
  readonly roleArn: string;
  readonly input: string | undefined;
  readonly deadLetterArn: string | undefined;
  readonly maximumEventAgeInSeconds: number;
  readonly maximumRetryAttempts: number;
}

export interface Schedule extends ScheduleSettings {
  /** Its number in the order of creation, from 1. */
  readonly nth: number;
  readonly arn: string;
  readonly groupName: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

/** Every account has this group. It is used if a request names no group. */
export const DEFAULT_GROUP = "default";

const ARN_PREFIX = "arn:aws:scheduler:us-east-1:123456789012:schedule/";

/**
 * All schedules of one account and Region. It does no I/O; callers give the time, in milliseconds since the epoch. It invokes nothing: it
 * only stores the schedules.
 */
export class Schedules {
  readonly #groups = new Map<string, Map<string, Schedule>>([[DEFAULT_GROUP, new Map()]]);
  #created = 0;

  /** Makes a group, if there is none of this name. The stand-in has no request for it. */
  createGroup(name: string): void {
    if (!this.#groups.has(name)) this.#groups.set(name, new Map());
  }

  /**
   * Throws `ConflictException` for a taken name, also with the same ClientToken: AWS does not document how long it remembers one, so no
   * program may rely on it. Throws `ResourceNotFoundException` for an unknown group.
   */
  create(groupName: string, name: string, settings: ScheduleSettings, nowMs: number): Schedule {
    const group = this.#group(groupName);
    if (group.has(name)) throw new Refusal("ConflictException", `Schedule ${name} already exists.`);
    this.#created += 1;
    const arn = `${ARN_PREFIX}${groupName}/${name}`;
    const schedule = { ...settings, nth: this.#created, arn, groupName, name, createdAtMs: nowMs, modifiedAtMs: nowMs };
    group.set(name, schedule);
    return schedule;
  }

  /** Replaces all settings. A setting that the update leaves out gets its default. */
  update(groupName: string, name: string, settings: ScheduleSettings, nowMs: number): Schedule {
    const schedule = { ...this.find(groupName, name), ...settings, modifiedAtMs: nowMs };
    this.#group(groupName).set(name, schedule);
    return schedule;
  }

  /** Throws `ResourceNotFoundException`. */
  find(groupName: string, name: string): Schedule {
    const found = this.#groups.get(groupName)?.get(name);
    if (found !== undefined) return found;
    throw new Refusal("ResourceNotFoundException", `Schedule ${name} does not exist.`);
  }

  remove(groupName: string, name: string): void {
    this.find(groupName, name);
    this.#group(groupName).delete(name);
  }

  /**
   * In the order of their creation.
   * @param groupName @default all groups
   */
  list(groupName?: string): readonly Schedule[] {
    const groups = groupName === undefined ? [...this.#groups.values()] : [this.#group(groupName)];
    return groups.flatMap((group) => [...group.values()]).sort((a, b) => a.nth - b.nth);
  }

  #group(name: string): Map<string, Schedule> {
    const group = this.#groups.get(name);
    if (group !== undefined) return group;
    throw new Refusal("ResourceNotFoundException", `Schedule group ${name} does not exist.`);
  }
}
