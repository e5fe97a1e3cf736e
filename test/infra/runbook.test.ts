import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ALARM_CATALOGUE, ALARM_IDS } from "../../lib/alarm-catalogue.ts";
import { descriptionsOf } from "./alarms.ts";
import { PROJECT_ROOT, stackTemplate } from "./synthesis.ts";

const runbook = readFileSync(join(PROJECT_ROOT, "docs", "runbook.md"), "utf8");
const chapters = runbook
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ heading: text.slice(0, text.indexOf("\n")), text }));

/** The anchor that GitHub, and whoever does as it does, gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}

const template = stackTemplate();

it("has one chapter for each alarm, in the catalogue's order, and no other", () => {
  // given the catalogue
  // when
  const headings = ALARM_IDS.map((id) => ALARM_CATALOGUE[id].heading);

  // then
  expect(chapters.map(({ heading }) => heading)).toEqual(headings);
});

it("resolves the link of every alarm that tells anybody to a chapter", () => {
  // given
  const anchors = chapters.map(({ heading }) => `docs/runbook.md#${anchorOf(heading)}`);

  // when
  const links = Object.values(descriptionsOf(template)).map((description) => /Runbook: (\S+)$/.exec(description)?.[1]);

  // then
  expect(links.length).toBe(11);
  expect(links.toSorted()).toEqual(anchors.toSorted());
});

it("says in every notification what is wrong, before the link", () => {
  // given the deployed stack
  // when
  const description = descriptionsOf(template)["DeadLetters"];

  // then
  expect(description).toBe(
    "Failed ticks have piled up in the dead-letter queue. Runbook: docs/runbook.md#dead-letters",
  );
});

it("links to wherever the runbook was put", () => {
  // given
  const elsewhere = stackTemplate({ runbookUrl: "https://wiki.example/xt" });

  // when
  const links = Object.values(descriptionsOf(elsewhere)).filter((text) => text.includes(" https://wiki.example/xt#"));

  // then
  expect(links).toHaveLength(11);
});

it.each(chapters)("tells in $heading what is at stake, at most three steps, and when it is over", ({ text }) => {
  // given one chapter
  // when
  const parts = text.match(/^(\*\*At stake\.\*\*|\d\. |\*\*Over when\*\*)/gm)?.join("");

  // then
  expect(parts).toMatch(/^\*\*At stake\.\*\*(1\. )(2\. )?(3\. )?\*\*Over when\*\*$/);
});

it("types no command that the command line lacks", () => {
  // given
  const known = [
    "status",
    "doctor",
    "seed",
    "seed --credentials-only",
    "authorize --redirect-uri <URI>",
    "rotate",
    "rotate --now",
    "recover",
  ];

  // when
  const typed = [...runbook.matchAll(/npx xt-token ([^`]*)`/g)].map(([, command]) => command);

  // then
  expect(new Set(typed)).toEqual(new Set(known));
});

it("asks the stack for no output that it lacks", () => {
  // given
  const outputs = Object.keys(template.findOutputs("*"));

  // when
  const asked = [...runbook.matchAll(/\bout ([A-Z]\w+)/g)].map(([, output]) => output);

  // then
  expect(asked.length).toBeGreaterThan(5);
  expect(outputs).toEqual(expect.arrayContaining(asked));
});
