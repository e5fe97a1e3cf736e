import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bundledPackages, renderLicences } from "./bundle-licences.ts";
import { PROJECT_ROOT } from "./synthesis.ts";

const PATH = join(PROJECT_ROOT, "docs/third-party-licences.md");
const packages = bundledPackages();

it("finds docs/third-party-licences.md as the bundle has it", () => {
  // given
  const document = renderLicences(packages);

  // when
  if (process.env["LICENCES_DOCUMENT"] === "write") writeFileSync(PATH, document);

  // then
  expect(readFileSync(PATH, "utf8"), "run npm run docs:licences and read what changed").toBe(document);
});

it("bundles nothing but what a permissive licence lets anyone ship", () => {
  // given
  const permissive = ["MIT", "MIT-0", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD"];

  // when
  const others = packages.filter(({ licence }) => !permissive.includes(licence));

  // then
  expect(packages.map(({ name }) => name)).toContain("@aws-sdk/client-secrets-manager");
  expect(others).toEqual([]);
});

it("has the text of every licence that asks to be passed on", () => {
  // given
  const asking = packages.filter(({ licence }) => !["MIT-0", "0BSD"].includes(licence));

  // when
  // The text of Apache-2.0 names no holder, so that one package's stands for those that ship none.
  const withText = new Set(packages.flatMap(({ licence, text }) => (text === undefined ? [] : [licence])));
  const without = asking.filter(({ licence, text }) =>
    licence === "Apache-2.0" ? !withText.has(licence) : text === undefined,
  );

  // then
  expect(without.map(({ name }) => name)).toEqual([]);
});
