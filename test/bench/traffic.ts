/** One request as the stand-ins saw it. */
export interface Request {
  readonly to: "aws" | "xt";
  readonly operation: string;
  /** Came on a connection that had served before. */
  readonly isReused: boolean;
  /**
   * Number of the round trip that it belongs to, from 1: requests that were sent without waiting for each other's answers share
   * one. 0 where round trips were not told apart.
   */
  readonly roundTrip: number;
  /** When it had taken effect and its answer was about to be sent, in milliseconds of the stand-ins' process. */
  readonly answeredAtMs: number;
}

/** Everything that reached the stand-ins in one run of a process. */
export interface Traffic {
  readonly requests: readonly Request[];
  readonly connections: { readonly aws: number; readonly xt: number };
  /** Pairs that XT granted. */
  readonly granted: number;
  /** AWSCURRENT holds the refresh token that XT issued last. */
  readonly isNewestCurrent: boolean;
}

/** The write that made a pair durable, and how long the pair was in memory alone. */
export interface Staging {
  readonly isReused: boolean;
  /**
   * From the end of XT's answer to the end of the write's, both as they leave the stand-ins, in milliseconds. Both then travel half a
   * round trip to the process, so that it is what the process waits.
   */
  readonly exposureMs: number;
}

/** The first write after each exchange, in their order. */
export function stagingsOf({ requests }: Traffic): readonly Staging[] {
  return requests.flatMap((exchange, index) => {
    if (exchange.to !== "xt") return [];
    const write = requests.slice(index + 1).find(({ operation }) => operation === "PutSecretValue");
    if (write === undefined) return [];
    return [{ isReused: write.isReused, exposureMs: write.answeredAtMs - exchange.answeredAtMs }];
  });
}

/** What one tick or rotation costs on the wire. */
export interface Count {
  readonly awsRequests: number;
  readonly xtRequests: number;
  readonly awsConnections: number;
  /** Sequential round trips, those of handshakes aside. */
  readonly awsRoundTrips: number;
}

/** Counts the requests of one invocation out of those that came while round trips were told apart. */
export function countOf(requests: readonly Request[], awsConnections: number): Count {
  const aws = requests.filter(({ to }) => to === "aws");
  return {
    awsRequests: aws.length,
    xtRequests: requests.length - aws.length,
    awsConnections,
    awsRoundTrips: new Set(aws.map(({ roundTrip }) => roundTrip)).size,
  };
}
