import { ALARM_IDS, type AlarmId } from "../../lib/alarm-catalogue.ts";
import { ALARM_CONDITIONS } from "./alarm-conditions.ts";
import { isInAlarm, type Sample } from "./is-in-alarm.ts";

/** What a tick changed. */
export interface AlarmChanges {
  readonly wentOff: readonly AlarmId[];
  readonly ended: readonly AlarmId[];
}

/** Keeps every alarm's state from tick to tick. */
export interface AlarmWatch {
  see(sample: Sample): AlarmChanges;
  /** Every alarm that went off so far, in that order. */
  readonly history: readonly AlarmId[];
  /** Those that are on now. */
  readonly active: readonly AlarmId[];
}

export function createAlarmWatch(beganAtMs: number): AlarmWatch {
  const samples: Sample[] = [];
  const history = new Set<AlarmId>();
  let active: readonly AlarmId[] = [];
  return {
    see(sample) {
      samples.push(sample);
      const before = active;
      const on = ALARM_IDS.filter((id) => {
        const moment = { nowMs: sample.atMs, beganAtMs, wasInAlarm: before.includes(id) };
        return ALARM_CONDITIONS[id].some((condition) => isInAlarm(condition, samples, moment));
      });
      // Whoever knows why no tick ends well need not be told that none does.
      active = on.filter((id) => id !== "NoHeartbeat" || !on.includes("Halted"));
      for (const id of active) history.add(id);
      return {
        wentOff: active.filter((id) => !before.includes(id)),
        ended: before.filter((id) => !active.includes(id)),
      };
    },
    get history() {
      return [...history];
    },
    get active() {
      return active;
    },
  };
}
