import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { Sensitive } from "../lambda/rotation/sensitive.ts";

/** A terminal's input, as `process.stdin` is one. */
export type TerminalInput = Readable & { setRawMode(raw: boolean): unknown };

export interface Question {
  readonly text: string;
  /** Whether the answer is shown while it is typed. */
  readonly echo: boolean;
}

export type Answers =
  /** In the order of the questions, trimmed, none empty. */
  | { readonly kind: "answered"; readonly answers: readonly Sensitive[] }
  /** Ctrl-C, Ctrl-D, or the terminal went away. */
  | { readonly kind: "cancelled" };

/**
 * Asks a person on a terminal, and leaves the terminal as it was in every case. The input is closed afterwards.
 *
 * In raw mode, not line by line: a terminal's own line discipline echoes, and cuts a pasted token at 4,096 characters (1,024 on
 * macOS) without a word.
 */
export async function ask(questions: readonly Question[], input: TerminalInput, output: Writable): Promise<Answers> {
  input.setRawMode(true);
  try {
    const keys = keysOf(input);
    const answers: Sensitive[] = [];
    for (const { text, echo } of questions) {
      output.write(`${text}: `);
      const line = await readLine(keys, echo ? output : undefined);
      output.write("\n");
      if (line === undefined) return { kind: "cancelled" };
      answers.push(new Sensitive(line));
    }
    return { kind: "answered", answers };
  } finally {
    input.setRawMode(false);
    // An open terminal would keep the process alive.
    input.destroy();
  }
}

/** Cursor keys and the marks around a paste. They arrive in one piece, and in a secret nobody would see their remains. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const ESCAPE_SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O[A-Z])/g;

/** Key by key, so that a paste of several lines answers several questions. */
async function* keysOf(input: Readable): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder("utf8");
  for await (const chunk of input) yield* decoder.write(chunk).replace(ESCAPE_SEQUENCE, "");
}

const KEY = { interrupt: "\x03", end: "\x04", backspace: "\x08", clear: "\x15", delete: "\x7f" } as const;
const ERASE = "\b \b";

/** One answer, trimmed; `undefined` where the person gave up. Enter alone is passed over, since no answer may be empty. */
async function readLine(keys: AsyncGenerator<string>, echo: Writable | undefined): Promise<string | undefined> {
  let typed = "";
  for (;;) {
    const { done, value: key } = await keys.next();
    if (done) return undefined;
    switch (key) {
      case KEY.interrupt:
      case KEY.end:
        return undefined;
      case "\r":
      case "\n": {
        const line = typed.trim();
        if (line !== "") return line;
        break;
      }
      case KEY.backspace:
      case KEY.delete:
        if (typed.length > 0) echo?.write(ERASE);
        typed = typed.slice(0, -1);
        break;
      case KEY.clear:
        echo?.write(ERASE.repeat(typed.length));
        typed = "";
        break;
      default:
        if (key < " ") break;
        typed += key;
        echo?.write(key);
    }
  }
}
