import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { StringDecoder } from "node:string_decoder";
import { styleText } from "node:util";
import { Sensitive } from "../lambda/rotation/sensitive.ts";
import { CommandFailure } from "./failure.ts";

export interface Question {
  readonly text: string;
  /** Whether the answer is kept off the screen. */
  readonly isSecret: boolean;
}

/** Ten redraws a second. More would delay the output on a slow line. */
const REDRAW_MS = 100;
/** In characters. The bar and the words behind it fit on a line of 80. */
const BAR_WIDTH = 30;

type Paint = (text: string) => string;

/** The person's side of a command. */
export type Terminal = ReturnType<typeof openTerminal>;

/** The terminal of this process. It is plain without a terminal, under NO_COLOR and under TERM=dumb. */
export function openTerminal(isVerbose: boolean) {
  const { stdin, stdout, stderr, env } = process;
  const isRich = !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const painted = (format: Parameters<typeof styleText>[0]): Paint => {
    return (line) => (isRich && stdout.isTTY ? styleText(format, line, { validateStream: false }) : line);
  };
  const readable = (line: string) => (isVerbose ? line : shortenIds(line));
  const note = (line: string) => void stderr.write(`${line}\n`);
  // One reader for all questions: ending it would close the input.
  let keys: AsyncGenerator<string, undefined> | undefined;

  async function answers(questions: readonly Question[], mayBeEmpty: boolean): Promise<readonly string[]> {
    keys ??= keysOf(stdin);
    stdin.setRawMode(true);
    try {
      const lines: string[] = [];
      for (const { text: question, isSecret } of questions) {
        stderr.write(`${question}: `);
        const line = await readLine(keys, (shown) => void (isSecret || stderr.write(shown)), mayBeEmpty);
        stderr.write("\n");
        if (line === undefined) throw new CommandFailure("stopped at the prompt, nothing is changed");
        lines.push(line);
      }
      return lines;
    } finally {
      stdin.setRawMode(false);
    }
  }

  return {
    /** The result, one line on standard output. */
    tell: (line: string) => void stdout.write(`${readable(line)}\n`),
    /** What stands beside the result, as it is: one line on standard error. */
    note,
    /** What went wrong: one sentence on standard error, behind the program's name. */
    complain: (sentence: string) => note(`xt-token: ${readable(sentence)}`),
    /** One document on standard output, ids in full. */
    json: (document: unknown) => void stdout.write(`${JSON.stringify(document, undefined, 2)}\n`),
    /** Shows on a terminal that something takes a while. */
    async waiting<T>(what: string, work: Promise<T>): Promise<T> {
      const isShown = isRich && stderr.isTTY;
      if (isShown) stderr.write(`${what} …`);
      return work.finally(() => isShown && stderr.write("\r\x1b[K"));
    },
    /** Shows a progress bar on a terminal while a long task runs. */
    async counting<T>(total: number, what: string, work: (advance: (count: number) => void) => Promise<T>): Promise<T> {
      const isShown = isRich && stderr.isTTY;
      let count = 0;
      let drawnAtMs = 0;
      function advance(by: number): void {
        count += by;
        if (!isShown || Date.now() - drawnAtMs < REDRAW_MS) return;
        drawnAtMs = Date.now();
        const filled = Math.floor((BAR_WIDTH * count) / total);
        stderr.write(`\r[${"#".repeat(filled).padEnd(BAR_WIDTH, ".")}] ${count} of ${total} ${what}`);
      }
      advance(0);
      return work(advance).finally(() => isShown && stderr.write("\r\x1b[K"));
    },
    isInteractive: stdin.isTTY === true,
    /** One answer for each question, trimmed. @throws CommandFailure where the person gives up */
    ask: async (questions: readonly Question[]) => (await answers(questions, false)).map((line) => new Sensitive(line)),
    /** Whether the person says yes. */
    async confirm(question: string): Promise<boolean> {
      const [answer = ""] = await answers([{ text: `${question} [y/N]`, isSecret: false }], true);
      return /^y(es)?$/i.test(answer);
    },
    /** All of standard input, where it is no terminal. */
    readInput: async () => new Sensitive(await text(stdin)),
    bold: painted("bold"),
    dim: painted("dim"),
    good: painted("green"),
    warn: painted("yellow"),
    bad: painted("red"),
    /** Lets go of the terminal, which would keep the process alive. */
    close: () => void (keys && stdin.destroy()),
  };
}

/** A version's id is 64 digits, of which the first eight tell one from another. */
export function shortenIds(line: string): string {
  return line.replaceAll(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, "$1");
}

/** Cursor keys and the marks around a paste. They arrive in one piece, and in a secret nobody would see their remains. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const ESCAPE_SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O[A-Z])/g;

async function* keysOf(input: Readable): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder("utf8");
  for await (const chunk of input) yield* decoder.write(chunk).replace(ESCAPE_SEQUENCE, "");
}

const KEY = { interrupt: "\x03", end: "\x04", backspace: "\x08", clear: "\x15", delete: "\x7f" } as const;
const ERASE = "\b \b";

/**
 * One answer, trimmed; `undefined` where the person gives up.
 *
 * Key by key in raw mode, and not with @clack/prompts: of a line break and 9,000 characters in one paste, its prompts kept the last 4,914
 * without a word. A terminal's own line mode cuts a paste at 4,096 characters (1,024 on macOS).
 */
async function readLine(
  keys: AsyncGenerator<string, undefined>,
  echo: (shown: string) => void,
  mayBeEmpty: boolean,
): Promise<string | undefined> {
  let typed = "";
  for (;;) {
    const { done, value: key } = await keys.next();
    if (done || key === KEY.interrupt || key === KEY.end) return undefined;
    if (key === "\r" || key === "\n") {
      if (typed.trim() !== "" || mayBeEmpty) return typed.trim();
    } else if (key === KEY.backspace || key === KEY.delete) {
      if (typed !== "") echo(ERASE);
      typed = typed.slice(0, -1);
    } else if (key === KEY.clear) {
      echo(ERASE.repeat(typed.length));
      typed = "";
    } else if (key >= " ") {
      typed += key;
      echo(key);
    }
  }
}
