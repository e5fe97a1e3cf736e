import fc from "fast-check";
import { expect, it } from "vitest";
import { readConfig } from "../../lambda/config.ts";
import { InvalidConfiguration } from "../../lambda/rotation/errors.ts";
import { hostileText, planted } from "./arbitraries.ts";

const SECRETS = { TOKEN_SECRET_ID: "token-1", CLIENT_SECRET_ID: "client-1" };

/** URLs and what people take for one, around a host and a secret that does not belong there. */
const nearUrl = fc
  .tuple(
    fc.constantFrom("https://", "http://", "HTTP://", "ftp://", "wss://", "//", "", "https:\\\\", "file:///"),
    fc.oneof(
      fc.constantFrom("localhost", "127.0.0.1", "127.0.0.1.example", "127.1", "[::1]", "[::]", "0.0.0.0", "2130706433"),
      fc.constantFrom("localhost.example", "oapi.xt.com", "lоcalhost", "127。0。0。1", "0x7f000001", "", "[", " "),
      fc.webAuthority(),
    ),
    fc.constantFrom("", ":8080", ":99999", "/", "/path", "?", "#", "\n"),
  )
  .map((parts) => parts.join(""));

const anyValue = fc.option(fc.oneof(nearUrl, fc.webUrl(), hostileText), { nil: undefined });

const anyEnvironment = fc.record({
  TOKEN_SECRET_ID: anyValue,
  CLIENT_SECRET_ID: anyValue,
  XT_BASE_URL: anyValue,
  UNKNOWN_OUTCOME_POLICY: fc.oneof(fc.constantFrom("hold", "replay", "toString", "__proto__"), anyValue),
  EXCHANGE_TIMEOUT_MS: fc.oneof(fc.double().map(String), fc.integer().map(String), anyValue),
  ESCROW_PARAMETER_PREFIX: fc.oneof(fc.constantFrom("/xt/", "/", "//", "xt", "/xt/../"), anyValue),
  ESCROW_KEY_ID: anyValue,
});

/** What reading comes to; anything but a reading and an `InvalidConfiguration` is thrown on. */
function read(environment: Readonly<Record<string, string | undefined>>) {
  try {
    return { kind: "config", config: readConfig(environment) } as const;
  } catch (error) {
    if (error instanceof InvalidConfiguration) return { kind: "refused", message: error.message } as const;
    throw error;
  }
}

it("reads any environment or refuses it by name", () => {
  fc.assert(
    fc.property(anyEnvironment, (environment) => {
      const reading = read(environment);

      if (reading.kind === "refused") expect(reading.message).toMatch(/^the configuration is invalid: [A-Z]/);
      else expect(["replay", "hold"]).toContain(reading.config.unknownOutcomePolicy);
    }),
    { numRuns: 500 },
  );
});

it("takes no base URL over which a secret could leave in the clear or to a stranger", () => {
  fc.assert(
    fc.property(fc.oneof(nearUrl, fc.webUrl()), (url) => {
      const reading = read({ ...SECRETS, XT_BASE_URL: url });
      if (reading.kind === "refused") return;

      const { protocol, hostname, username, password, search, hash } = reading.config.baseUrl;
      const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
      expect(protocol === "https:" || (protocol === "http:" && isLoopback)).toBe(true);
      expect([username, password, search, hash]).toEqual(["", "", "", ""]);
    }),
    { numRuns: 1_000 },
  );
});

it("takes no timeout outside its bounds", () => {
  const timeout = fc.oneof(fc.double().map(String), fc.integer({ min: 0, max: 70_000 }).map(String), fc.string());
  fc.assert(
    fc.property(timeout, (value) => {
      const reading = read({ ...SECRETS, EXCHANGE_TIMEOUT_MS: value });
      if (reading.kind === "refused") return;

      const { exchangeTimeoutMs } = reading.config;
      expect(Number.isInteger(exchangeTimeoutMs) && exchangeTimeoutMs >= 1_000 && exchangeTimeoutMs <= 60_000).toBe(
        true,
      );
    }),
    { numRuns: 500 },
  );
});

it("repeats no value of a refused environment", () => {
  const url = fc
    .tuple(
      planted,
      fc.constantFrom(
        "https://user:?@oapi.xt.com",
        "https://oapi.xt.com/?a=?",
        "http://?.example/?",
        "ftp://x/?",
        "?",
        "https://x#?",
      ),
    )
    .map(([secret, pattern]) => pattern.replaceAll("?", secret));
  const environment = fc.record({
    XT_BASE_URL: url,
    UNKNOWN_OUTCOME_POLICY: planted,
    EXCHANGE_TIMEOUT_MS: planted,
    ESCROW_PARAMETER_PREFIX: planted,
    CLIENT_SECRET_ID: planted,
  });
  fc.assert(
    fc.property(environment, (given) => {
      const reading = read(given);

      expect(reading.kind === "refused" && reading.message).toMatch(/^the configuration is invalid: TOKEN_SECRET_ID/);
      expect(JSON.stringify(reading)).not.toContain("planted-");
    }),
  );
});
