import { expect, it } from "vitest";
import { COMMANDS } from "../../../bin/command-line/commands.ts";
import { COMMON_OPTIONS } from "../../../bin/command-line/common-options.ts";

it.each(COMMANDS)("loads $name, which says of itself what the overview says", async ({ name, summary, load }) => {
  const command = await load();

  expect(command).toMatchObject({ name, summary });
});

it.each(COMMANDS)("$name has no option that means something else to every command", async ({ load }) => {
  const { options } = await load();

  expect(Object.keys(options).filter((name) => Object.hasOwn(COMMON_OPTIONS, name))).toEqual([]);
});
