import type { Command, Option } from "./command.ts";
import type { Entry } from "./commands.ts";
import { COMMON_OPTIONS } from "./common-options.ts";

const WIDTH = 100;

/** What `xt-token --help` prints. */
export function overview(entries: readonly Entry[]): string {
  const widest = Math.max(...entries.map(({ name }) => name.length));
  const commands = entries.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`);
  return `usage: xt-token <command> [options]

Looks after one connection: an OAuth grant at XT.COM whose token pair a scheduled function keeps alive in Secrets Manager.

${commands.join("\n")}

A connection that was deployed as this project deploys it is found by itself; xt-token <command> --help tells the other ways, and
what else the command takes. It uses whatever credentials the AWS SDK finds. No command takes a secret as an argument.

Exit codes: 0 all is well, 1 failed or refused, 2 the arguments or the input must be mended, 3 a person should know, 4 a person must act.`;
}

/** What `xt-token <command> --help` prints. */
export function describeCommand({ name, summary, description, options }: Command): string {
  const own = Object.keys(options).length === 0 ? "" : `Options of ${name}:\n${describeOptions(options)}\n\n`;
  return `usage: xt-token ${name} [options]

${summary[0]?.toUpperCase()}${summary.slice(1)}.

${description.trim()}

${own}Which connection:
${describeOptions(COMMON_OPTIONS)}`;
}

function describeOptions(options: Readonly<Record<string, Option>>): string {
  const rows = Object.entries(options).map(([name, option]) => ({
    left: `  --${name}${option.kind === "value" ? ` ${option.placeholder}` : ""}`,
    meaning: option.meaning,
  }));
  const column = Math.max(...rows.map(({ left }) => left.length)) + 2;
  return rows
    .map(({ left, meaning }) => left.padEnd(column) + wrap(meaning, WIDTH - column).join(`\n${" ".repeat(column)}`))
    .join("\n");
}

/** Breaks text between words into lines of at most `width` characters; a longer word stands alone. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
