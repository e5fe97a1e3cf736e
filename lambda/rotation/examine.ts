import type { InspectedCheck, Inspection } from "../inspection.ts";
import { readClientCredentials } from "./client-credentials.ts";
import { isRecord, parseJson } from "./json.ts";
import { isoTime } from "./pair-document.ts";
import type { Ports, TokenAnswer } from "./ports.ts";
import { StoreUnavailable } from "./store-errors.ts";

type Names = Pick<Inspection["settings"], "tokenSecretId" | "clientSecretId" | "baseUrl" | "escrowParameterPrefix">;

/** How far the clocks of the function and of XT may lie apart; a `Date` header is as old as its way. */
const CLOCK_TOLERANCE_MS = 2 * 60_000;

/** Checks what only the function can know: its permissions on each store, whether XT answers from where it runs, its clock. */
export async function examine(ports: Ports, names: Names): Promise<readonly InspectedCheck[]> {
  const [tokenSecret, clientSecret, accessToken, escrow, answer] = await Promise.all([
    judging("token-secret", () => examineTokenSecret(ports, names)),
    judging("client-secret", () => examineClientSecret(ports, names)),
    judging("access-token-secret", () => examineAccessToken(ports)),
    judging("escrow", () => examineEscrow(ports, names)),
    ports.endpoint.probe(),
  ]);
  return [tokenSecret, clientSecret, accessToken, escrow, judgeXt(names.baseUrl, answer), judgeClock(ports, answer)];
}

type Finding = Omit<InspectedCheck, "name">;

/** A store that does not answer is a finding. */
async function judging(name: string, check: () => Promise<Finding>): Promise<InspectedCheck> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { name, severity: error.severity, message: error.message, next: null };
  }
}

function good(message: string): Finding {
  return { severity: 0, message, next: null };
}

async function examineTokenSecret({ store }: Ports, { tokenSecretId }: Names): Promise<Finding> {
  await Promise.all([store.describe(), store.readCurrent(), store.list()]);
  const denied = (await store.proveWrites()).find(({ code }) => code !== undefined);
  if (denied?.code === undefined) return good(`${tokenSecretId} can be read and written`);
  const { severity, message } = new StoreUnavailable("secretsmanager", denied.operation, tokenSecretId, denied.code);
  return { severity, message, next: null };
}

async function examineClientSecret({ clientSecret }: Ports, { clientSecretId }: Names): Promise<Finding> {
  const reading = readClientCredentials(await clientSecret.read());
  if (reading.kind === "credentials") return good(`${clientSecretId} holds client credentials`);
  return { severity: 4, message: `${clientSecretId} ${reading.problem}`, next: "seed --credentials-only" };
}

async function examineAccessToken({ accessTokens }: Ports): Promise<Finding> {
  if (accessTokens === undefined) return good("there is no access-token secret, ACCESS_TOKEN_SECRET_ID would name it");
  const versionId = await accessTokens.published();
  return good(versionId === undefined ? "nothing is published yet" : "an access token is published");
}

async function examineEscrow({ escrow }: Ports, { escrowParameterPrefix }: Names): Promise<Finding> {
  if (escrowParameterPrefix === null) {
    return { severity: 3, message: "there is no escrow, set ESCROW_PARAMETER_PREFIX", next: null };
  }
  const ids = await escrow.list();
  await escrow.find(NOBODYS_ID);
  if (ids.length === 0) return good(`${escrowParameterPrefix} can be read and is empty`);
  return { severity: 3, message: `${escrowParameterPrefix} holds ${ids.length} pairs`, next: "recover" };
}

/** No version has this id, so that the escrow has no entry for it. */
const NOBODYS_ID = "0".repeat(64);

/** Statuses by which what stands before XT refuses a request. XT itself answers a request without a grant with its envelope. */
const REFUSALS = [401, 403, 407, 451];

function judgeXt(baseUrl: string, answer: TokenAnswer): InspectedCheck {
  const name = "xt";
  switch (answer.kind) {
    case "unsent":
    case "lost":
      return {
        name,
        severity: 4,
        message: `${baseUrl} does not answer the function (${answer.code}), check the network: DNS, routes, security groups, a firewall, TLS interception`,
        next: null,
      };
    case "answered": {
      const { status, body } = answer;
      if (status === 429 || status === 418) {
        const message = `${baseUrl} asks for fewer requests (HTTP ${status}), wait ten minutes and force no tick: XT locks accounts that go on`;
        return { name, severity: 3, message, next: null };
      }
      const isJson = isRecord(parseJson(body.reveal().replace(/^\uFEFF/, "")));
      if (status >= 500) {
        return { name, severity: 3, message: `${baseUrl} has a failure (HTTP ${status}), try again later`, next: null };
      }
      if (isJson && !REFUSALS.includes(status))
        return { name, ...good(`${baseUrl} answers the function (HTTP ${status})`) };
      return {
        name,
        severity: 4,
        message: `something before ${baseUrl} answers the function with HTTP ${status}, check the network: firewall, proxy, and whether XT serves this Region`,
        next: null,
      };
    }
  }
}

function judgeClock({ clock }: Ports, answer: TokenAnswer): InspectedCheck {
  const name = "clock";
  const dateMs = answer.kind === "answered" ? answer.dateMs : undefined;
  if (dateMs === undefined)
    return { name, severity: 3, message: "the clock cannot be compared, XT's answer has no time", next: null };
  const aheadMs = clock.now() - dateMs;
  if (Math.abs(aheadMs) <= CLOCK_TOLERANCE_MS) return { name, ...good("the function's clock agrees with XT's") };
  return {
    name,
    severity: 3,
    message: `the function's clock and XT's clock differ by ${Math.round(Math.abs(aheadMs) / 1_000)} s, XT's clock says ${isoTime(dateMs)}`,
    next: null,
  };
}
