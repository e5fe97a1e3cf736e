import { commandLine, type RotationResult } from "../contract.ts";
import { assertNever } from "./assert.ts";
import { AuthorizationFailed, AuthorizationRejected } from "./authorization-errors.ts";
import { FenceUnreadable, RequestTurnedAway, TokenEndpointUnreachable } from "./errors.ts";
import type { CurrentPair, Facts, VersionedPair } from "./facts.ts";
import { fence, type Run, stagingEndsAtMs } from "./fence.ts";
import { descendsFrom } from "./lineage.ts";
import { observeWhole, readPairVersion, type Seen } from "./observe.ts";
import { isoTime, writePair } from "./pair-document.ts";
import type { Ports, VersionId } from "./ports.ts";
import { promote } from "./promote.ts";
import { publish } from "./publish.ts";
import { asCurrent, report } from "./report.ts";
import type { Sensitive } from "./sensitive.ts";
import { adopt, stage } from "./stage.ts";
import { tidy } from "./tidy.ts";
import { type ExchangeOutcome, findOddities, type Granted, readTokenAnswer } from "./token-answer.ts";
import type { TokenPair } from "./token-pair.ts";

/** A person's consent, as one delivery brings it. */
export interface Authorizing {
  readonly connection: string;
  readonly run: Run;
  readonly code: Sensitive;
  /** Whether the pair may belong to another XT user than the pair in use. */
  readonly replaceAccount: boolean;
}

/** How often somebody may move AWSCURRENT between a look and the promotion. */
const PROMOTIONS = 3;

/**
 * Exchanges an authorization code behind the same fence as a renewal, and puts the pair in use in place of what AWSCURRENT
 * holds. Two deliveries of one code are one exchange: the ids of its record and of its pair are hashes of the code.
 *
 * ```
 *   a │ fence     PutSecretValue XT_ATTEMPT   dies here: nothing happened; the person opens a new link
 *   b │ exchange  GET                         dies here: the code is spent; the person opens a new link
 *   c │ stage     PutSecretValue XT_ISSUED    dies here: if the write arrived, the next tick promotes it
 *   d │ promote   UpdateSecretVersionStage    dies here: the next tick promotes it
 * ```
 *
 * In a secret without a value the record itself becomes AWSCURRENT, and the pair succeeds it like any other.
 *
 * @throws RotationError
 */
export async function authorize(ports: Ports, request: Authorizing): Promise<RotationResult> {
  const { facts, description } = await observeSettled(ports);
  const { clientCredentials } = facts;
  if (clientCredentials.kind === "unavailable") throw clientCredentials.error;
  if (clientCredentials.kind === "unusable") {
    const { problem } = clientCredentials;
    throw new AuthorizationFailed(
      `nothing is presented to XT, since the client secret ${problem}, type ${commandLine("seed --credentials-only")} first`,
      "CLIENT_CREDENTIALS",
    );
  }
  const { code, run } = request;
  const { credentials } = clientCredentials;
  const name = { arn: description.arn, parent: code, attempt: 1 };
  const issuedId = ports.store.versionId({ ...name, kind: "issued" });

  const fenced = await fence(ports, run, name);
  if (fenced.kind === "collided") {
    if (fenced.newest === undefined) throw new FenceUnreadable();
    return carryOn(ports, request, { facts, description, issuedId }, fenced.newest.record.deadlineAtMs);
  }

  const answer = await ports.endpoint.exchange(credentials, { authorizationCode: code });
  // The pair descends from what AWSCURRENT holds, so that a tick promotes it should this run die.
  const parent = facts.current.versionId ?? fenced.versionId;
  const blank = { refreshToken: code, clientId: credentials.clientId.reveal() };
  const outcome = readTokenAnswer(answer, blank, { parent, attempt: 1, issuedAtMs: ports.clock.now() });
  if (outcome.kind !== "granted") throw failure(outcome);
  if (outcome.pair.refreshToken.equals(code)) throw new AuthorizationFailed(NO_REFRESH_TOKEN, "NO_REFRESH_TOKEN");
  const isOthers = !request.replaceAccount && isOtherAccount(outcome.pair, facts);
  // Without a parent no tick promotes it.
  const pair = isOthers ? { ...outcome.pair, origin: undefined } : outcome.pair;

  const text = writePair(pair);
  const staged = await stage(ports, { arn: description.arn, issuedId, text }, stagingEndsAtMs(run));

  tellOddities(ports, outcome);
  if (isOthers) return keptAside(request, facts, staged.versionId);
  const result = await putInUse(ports, request, parent, { versionId: staged.versionId, pair });
  if (staged.isEscrowed) await tidy(ports, issuedId);
  return result;
}

/** An earlier code's run may have died before it put its pair in use. That pair counts as the one in use, as for a tick. */
async function observeSettled(ports: Ports): Promise<Seen> {
  const seen = await observeWhole(ports);
  const { current, staged } = seen.facts;
  if (current.versionId === undefined || !staged?.succeedsCurrent) return seen;
  await promote(ports, current.versionId, staged.versionId);
  return observeWhole(ports);
}

const NO_REFRESH_TOKEN = "XT granted an access token and no refresh token, so that nothing could be kept alive";

function failure(outcome: Exclude<ExchangeOutcome, Granted>): Error {
  switch (outcome.kind) {
    case "rejected":
      return new AuthorizationRejected(outcome);
    case "turned-away":
      return new RequestTurnedAway(outcome.status, 1);
    case "unsent":
      return new TokenEndpointUnreachable(outcome.code, 1);
    case "throttled":
      return new AuthorizationFailed("XT asks for fewer requests, wait ten minutes", "THROTTLED");
    case "unknown":
      return new AuthorizationFailed(`the exchange ended without a usable answer (${outcome.code})`, outcome.code);
    default:
      return assertNever(outcome);
  }
}

function isOtherAccount({ userId }: TokenPair, { current }: Pick<Facts, "current">): boolean {
  const inUse = current.kind === "pair" ? current.pair.userId : undefined;
  return userId !== undefined && inUse !== undefined && userId !== inUse;
}

function keptAside(
  { connection }: Authorizing,
  { current }: Pick<Facts, "current">,
  versionId: VersionId,
): RotationResult {
  const reason =
    `other-account: XT granted the pair to another user than the one of the pair in use, it is kept in version ${versionId} and not in ` +
    `use, to replace the account type ${commandLine(`recover --promote ${versionId}`)}`;
  return report(connection, "halted", reason, current);
}

/** Finishes what another delivery of the same code began, as far as it came. */
async function carryOn(
  ports: Ports,
  request: Authorizing,
  { facts, description: { arn }, issuedId }: Seen & { readonly issuedId: VersionId },
  deadlineAtMs: number,
): Promise<RotationResult> {
  const untilMs = stagingEndsAtMs(request.run);
  const received = (await readPairVersion(ports.store, issuedId)) ?? (await adopt(ports, { arn, issuedId }, untilMs));
  if (received === undefined) {
    if (ports.clock.now() >= deadlineAtMs) {
      throw new AuthorizationFailed("this code was presented before and brought no pair", "REPEATED");
    }
    const reason = `authorization-at-work: another delivery of this code is at work until ${isoTime(deadlineAtMs)} at the latest`;
    return report(request.connection, "deferred", reason, facts.current);
  }
  const { current } = facts;
  const parent = received.pair.origin?.parent;
  if (parent === undefined && !request.replaceAccount) return keptAside(request, facts, received.versionId);
  if (current.kind === "pair") {
    if (await isSameOrSuccessor(ports, current, received)) {
      return report(request.connection, "authorized", AUTHORIZED, current);
    }
    // The code is old: its pair was in use once, or another code's pair took its place. An old pair must not replace a newer one.
    if (bornAtMs(current) > bornAtMs(received)) {
      return isOtherAccount(received.pair, facts)
        ? keptAside(request, facts, received.versionId)
        : report(request.connection, "authorized", AUTHORIZED, current);
    }
  }
  return putInUse(ports, request, parent ?? current.versionId ?? received.versionId, received);
}

async function isSameOrSuccessor({ store }: Ports, current: CurrentPair, received: VersionedPair): Promise<boolean> {
  if (current.versionId === received.versionId) return true;
  return descendsFrom(current, received, (id) => readPairVersion(store, id));
}

function bornAtMs({ pair, createdAtMs = 0 }: VersionedPair): number {
  return pair.origin?.issuedAtMs ?? createdAtMs;
}

const AUTHORIZED = "authorized: XT granted a new pair";

/** A renewal of the old grant may move AWSCURRENT meanwhile; what a person grants replaces it too. */
async function putInUse(
  ports: Ports,
  request: Authorizing,
  parent: VersionId,
  staged: VersionedPair,
): Promise<RotationResult> {
  const { connection } = request;
  let from = parent;
  for (let attempt = 1; attempt <= PROMOTIONS; attempt += 1) {
    const promotion = await promote(ports, from, staged.versionId);
    if (promotion.kind === "promoted") {
      // The next tick publishes what cannot be published now.
      await publish(ports, connection, staged);
      return report(connection, "authorized", AUTHORIZED, asCurrent(staged));
    }
    if (promotion.by === undefined) break;
    from = promotion.by;
    // Another code may have put the pair of another XT user in use meanwhile.
    const current = await readPairVersion(ports.store, from);
    if (current !== undefined && !request.replaceAccount) {
      const facts = { current: asCurrent(current) };
      if (isOtherAccount(staged.pair, facts)) return keptAside(request, facts, staged.versionId);
    }
  }
  const { versionId } = staged;
  const reason = `superseded: AWSCURRENT keeps moving, the pair is kept in version ${versionId}, type ${commandLine(`recover --promote ${versionId}`)}`;
  return report(connection, "deferred", reason, { kind: "unread", versionId: from });
}

function tellOddities({ log }: Ports, granted: Granted): void {
  const oddities = findOddities(granted);
  if (oddities.length > 0) log.warn("XT's answer was odd, its tokens are stored", { oddities });
}
