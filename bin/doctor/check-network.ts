import { describeDuration } from "../command-line/duration.ts";
import { aheadOf, CLOCK_TOLERANCE_MS, watchServerClock } from "../connection/server-clock.ts";
import { describeSecret } from "./check-secrets.ts";
import { bad, type Check, type Examination, good, type Remark, warning } from "./checks.ts";
import { type Probe, probe } from "./probe.ts";

/** XT is reachable, and this machine's clock agrees with AWS's and with XT's. */
export function networkChecks(examination: Examination): readonly Check[] {
  const { target, surroundings } = examination;
  const { config } = target;
  let probing: Promise<Probe> | undefined;
  const askXt = () => {
    probing ??= probe(config.baseUrl);
    return probing;
  };
  return [
    {
      title: "XT",
      examine: async () => judgeProbe(config.baseUrl.host, await askXt(), process.env),
    },
    {
      title: "clock",
      async examine() {
        const { clock } = surroundings;
        const aheadOfAws = watchServerClock(examination.client, clock);
        const [xt] = await Promise.all([
          askXt(),
          // Its failure is told by the check of the secret; even a refusal is dated.
          describeSecret(examination, config.tokenSecretId).catch(() => undefined),
        ]);
        const aheadOfXt = xt.kind === "answered" ? aheadOf(xt.date, clock.now()) : undefined;
        return judgeClock({ AWS: aheadOfAws(), XT: aheadOfXt });
      },
    },
  ];
}

/** Codes of OpenSSL and Node for a certificate that no authority known to this machine vouches for. */
const UNTRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT(_LOCALLY)?|VERIFY_LEAF_SIGNATURE))$/;
const UNRESOLVED = /^(ENOTFOUND|EAI_)/;
const PROXY_VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/** What a healthy server answers where it has no such page, or does not know the method. */
const NO_PAGE_HERE = [404, 405];
const THROTTLED = [418, 429];

/** Pure. */
export function judgeProbe(
  host: string,
  probed: Probe,
  environment: Readonly<Record<string, string | undefined>>,
): Remark {
  if (probed.kind === "answered") {
    const { status } = probed;
    if (status >= 500)
      return warning(
        `${host} was reached and answers with HTTP ${status}, it has trouble of its own`,
        "try again later",
      );
    if (THROTTLED.includes(status))
      return warning(
        `${host} answers with HTTP ${status}, it was asked too often from here`,
        "try again in 10 minutes",
      );
    if (status >= 401 && status <= 451 && !NO_PAGE_HERE.includes(status)) {
      return warning(
        `${host} answers with HTTP ${status}, as a firewall, a proxy or a region block before XT does`,
        "allow direct connections to this host, and check that XT serves the region that you call from",
      );
    }
    return good(`${host} is reached from here, and answers (HTTP ${status}); its token endpoint is not tried`);
  }
  const { code } = probed;
  if (UNTRUSTED.test(code)) {
    const sentence = `${host} shows a certificate that is not trusted (${code}), as where a proxy looks into TLS`;
    return bad(sentence, "send nothing through it: use a network without TLS interception, or let this host pass");
  }
  if (code.startsWith("CERT_") || code.startsWith("ERR_TLS_CERT")) {
    return bad(
      `${host} shows a certificate that does not hold (${code})`,
      "check the base URL and this machine's clock",
    );
  }
  if (UNRESOLVED.test(code)) return bad(`${host} has no address here (${code})`, "check the base URL and the DNS");
  const proxy = PROXY_VARIABLES.find((variable) => environment[variable]);
  return proxy === undefined
    ? bad(`${host} is not reached from here (${code})`, "check the network and the firewall")
    : bad(
        `${host} is not reached from here (${code}); ${proxy} is set, and tokens go through no proxy`,
        "allow direct connections to it, or run this where the function runs",
      );
}

/** AWS refuses what is signed by a clock that is further off. */
const REFUSED_MS = 5 * 60_000;

/** @param aheadMs by whose clock, in milliseconds; absent where that server gave no answer. Pure. */
export function judgeClock(aheadMs: Readonly<Record<"AWS" | "XT", number | undefined>>): Remark {
  const known = Object.entries(aheadMs).flatMap(([server, ms]) => (ms === undefined ? [] : [{ server, ms }]));
  if (known.length === 0)
    return { kind: "unchecked", sentence: "neither AWS nor XT answered, so nothing to compare with" };
  const off = known.filter(({ ms }) => Math.abs(ms) > CLOCK_TOLERANCE_MS);
  if (off.length === 0) {
    const servers = known.map(({ server }) => server).join(" and ");
    return good(`this machine's clock agrees with ${servers} to within ${describeDuration(CLOCK_TOLERANCE_MS)}`);
  }
  const how = off.map(({ server, ms }) => `${describeDuration(ms)} ${ms > 0 ? "ahead of" : "behind"} ${server}'s`);
  const sentence = `this machine's clock is ${how.join(" and ")}`;
  const tell = off.some(({ ms }) => Math.abs(ms) > REFUSED_MS) ? bad : warning;
  return tell(sentence, "set the clock (timedatectl set-ntp true)");
}
