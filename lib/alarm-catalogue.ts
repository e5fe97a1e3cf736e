/** What a person reads of one alarm, wherever it is shown: in its notification, in the runbook, on the command line. */
export interface AlarmEntry {
  /** Heading of the alarm's chapter in the runbook. */
  readonly heading: string;
  /** Anchor of that heading, without its number sign. */
  readonly anchor: string;
  /** What is wrong, for somebody who has just been woken. */
  readonly sentence: string;
}

/**
 * Every alarm by its id, the most urgent first. The id is the construct's and ends the alarm's name. It imports
 * nothing, so that the command line can tell of an alarm without loading the constructs.
 */
export const ALARM_CATALOGUE = {
  ReauthorizationNeeded: {
    heading: "Reauthorization needed",
    anchor: "reauthorization-needed",
    sentence:
      "No usable refresh token is left or XT refuses it: a person must authorize again while the access token lives",
  },
  AccessTokenExpiring: {
    heading: "Access token expiring",
    anchor: "access-token-expiring",
    sentence: "The access token is about to expire and no renewal has succeeded: workloads are the next to notice",
  },
  RefreshTokenExpiring: {
    heading: "Refresh token expiring",
    anchor: "refresh-token-expiring",
    sentence: "The refresh token is about to expire: after that only a person can authorize again",
  },
  NoHeartbeat: {
    heading: "No heartbeat",
    anchor: "no-heartbeat",
    sentence: "No tick has ended well for three intervals of the schedule: nothing renews the token pair",
  },
  Halted: {
    heading: "Halted",
    anchor: "halted",
    sentence: "The rotation stands still on purpose and waits for a person: the log's last reason says what to type",
  },
  OutcomeUnknown: {
    heading: "Outcome unknown",
    anchor: "outcome-unknown",
    sentence: "A refresh token was sent to XT and no usable answer came back: it may be spent",
  },
  EscrowInUse: {
    heading: "Escrow in use",
    anchor: "escrow-in-use",
    sentence: "Secrets Manager did not take a new token pair: it waits in the escrow, and nothing is lost",
  },
  TicksDropped: {
    heading: "Ticks dropped",
    anchor: "ticks-dropped",
    sentence: "A tick of the schedule never reached the function",
  },
  FunctionErrors: {
    heading: "Function errors",
    anchor: "function-errors",
    sentence: "Ticks keep failing: one error is mended by the next tick, and these were not",
  },
  DeadLetters: {
    heading: "Dead letters",
    anchor: "dead-letters",
    sentence: "Failed ticks have piled up in the dead-letter queue",
  },
  NotSeeded: {
    heading: "Not seeded",
    anchor: "not-seeded",
    sentence: "The stack has been deployed for a day and nobody has seeded its token secret",
  },
} as const satisfies Readonly<Record<string, AlarmEntry>>;

export type AlarmId = keyof typeof ALARM_CATALOGUE;

/** Every id, in the catalogue's order. */
export const ALARM_IDS = Object.keys(ALARM_CATALOGUE) as readonly AlarmId[];
