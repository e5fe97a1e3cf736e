import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { observeFaults, type Section } from "./fault-matrix.ts";
import { renderFaults } from "./faults-document.ts";

const PATH = join(import.meta.dirname, "../../docs/faults.md");

let sections: readonly Section[];

beforeAll(async () => {
  sections = await observeFaults();
  const count = sections.reduce((sum, { observations }) => sum + observations.length, 0);
  console.log(`single faults and outages: ${count} histories, every one of them played`);
});

it("finds docs/faults.md as the simulation writes it", () => {
  // given
  const document = renderFaults(sections);

  // when
  if (process.env["FAULTS_DOCUMENT"] === "write") writeFileSync(PATH, document);

  // then
  expect(readFileSync(PATH, "utf8"), "run npm run docs:faults and read what changed").toBe(document);
});

it("loses a pair to no single fault but one between XT's spending the token and the first write", () => {
  // when
  const losses = sections.flatMap(({ title, observations }) =>
    observations
      .filter(({ consequence }) => consequence.lost.includes("the pair"))
      .map(({ fault }) => `${title}: ${fault}`),
  );

  // then
  expect([...new Set(losses)]).toEqual([
    "The exchange: XT's token endpoint: 502, the token is spent",
    "The exchange: XT's token endpoint: the answer is lost, the token is spent",
    "The exchange: XT's token endpoint: no answer until the timeout, and the token is spent",
    "The exchange: XT's token endpoint: the process dies just after it",
    "The exchange: XT's token endpoint: the process stands still after it, until Lambda's timeout",
    "The exchange: XT's token endpoint: no answer, and the token is spent a minute after it was given up",
    "The exchange: XT's token endpoint: the answer breaks off before any token is whole, the token is spent",
    "The exchange: XT's token endpoint: the answer breaks off inside the refresh token, the token is spent",
    "The exchange: XT's token endpoint: the process stands still after it for 20 minutes, and then goes on",
    "Staging: writing the new pair: the process dies just before it",
    "Staging: writing the new pair: the process stands still before it, until Lambda's timeout",
    "Secrets Manager is out for an hour: writing the pair to the escrow: the process dies just before it",
    "Secrets Manager is out for an hour: writing the pair to the escrow: the process stands still before it, until Lambda's timeout",
    "Outages: both stores are out for an hour, from XT's answer on",
  ]);
});
