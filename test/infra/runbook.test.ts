import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { alarmsOf, monitoringTemplate } from "./monitoring.ts";
import { PROJECT_ROOT } from "./synthesis.ts";

const runbook = readFileSync(join(PROJECT_ROOT, "docs", "runbook.md"), "utf8");
const chapters = runbook
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ heading: text.slice(0, text.indexOf("\n")), text }));

/** The anchor that GitHub, and others that do as it does, give a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}

const alarms = alarmsOf(monitoringTemplate());

it("has one chapter for each alarm, in the order of the alarms, and no other", () => {
  expect(chapters.map(({ heading }) => heading)).toEqual(Object.keys(alarms));
});

it("resolves the link of every alarm to its own chapter", () => {
  // given
  const anchors = chapters.map(({ heading }) => `docs/runbook.md#${anchorOf(heading)}`);

  // when
  const links = Object.values(alarms).map(
    ({ AlarmDescription }) => /Runbook: (\S+)$/.exec(String(AlarmDescription))?.[1],
  );

  // then
  expect(links).toEqual(anchors);
});

it("says in every notification what is wrong, before the link", () => {
  // given the deployed alarms
  // when
  const description = alarms["PersonNeeded"]?.["AlarmDescription"];

  // then
  expect(description).toBe(
    "A connection cannot go on without a person: npx --no xt-token connections says which, status says what to type. " +
      "Runbook: docs/runbook.md#personneeded",
  );
});

it("links to where the runbook was put", () => {
  // given
  const elsewhere = alarmsOf(monitoringTemplate({ runbookUrl: "https://wiki.example/xt" }));

  // when
  const descriptions = Object.values(elsewhere).map(({ AlarmDescription }) => String(AlarmDescription));

  // then
  expect(descriptions.filter((text) => text.includes(" https://wiki.example/xt#"))).toHaveLength(6);
});

it.each(chapters)(
  "tells in $heading what one sees, what it means, what to type, what it leads to, and when it is over",
  ({ text }) => {
    // given one chapter
    // when
    const parts = text.match(/^(\*\*(You see\.|It means\.|If you do nothing\.|Over when)\*\*|1\. )/gm)?.join("");

    // then
    expect(parts).toBe("**You see.****It means.**1. **If you do nothing.****Over when**");
  },
);

it("types first in each chapter what says what to type: status, or connections where any may be meant", () => {
  // given the chapters
  // when
  const first = chapters.map(({ heading, text }) => [heading, /npx --no xt-token ([a-z]+)/.exec(text)?.[1]]);

  // then
  expect(Object.fromEntries(first)).toEqual({
    AccessTokenExpiring: "status",
    PersonNeeded: "status",
    TicksNotSucceeding: "status",
    ConnectionUnattended: "connections",
    PairOutOfPlace: "status",
    RefreshTokenExpiring: "status",
  });
});

it("types no command that the command line lacks", () => {
  // given
  const known = [
    "status",
    "connections",
    "disconnect --connection <name>",
    "doctor",
    "doctor --connection <name>",
    "seed",
    "seed --credentials-only",
    "authorize",
    "rotate",
    "rotate --now",
    "recover",
  ];

  // when
  const typed = [...runbook.matchAll(/npx --no xt-token ([^`\n]*)[`\n]/g)].map(([, command]) => command);

  // then
  expect(new Set(typed)).toEqual(new Set(known));
});
