import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

/** A terminal's input, as `process.stdin` is one. */
export type TerminalInput = Readable & { setRawMode(raw: boolean): unknown };

export interface Question {
  readonly text: string;
  /** Whether the answer is shown while it is typed. */
  readonly echo: boolean;
  /** Whether Enter alone answers; otherwise it is passed over. */
  readonly mayBeEmpty?: boolean;
}

export type Answers =
  /** In the order of the questions, trimmed. */
  | { readonly kind: "answered"; readonly answers: readonly Sensitive[] }
  /** Ctrl-C, Ctrl-D, or the terminal went away. */
  | { readonly kind: "cancelled" };

/** A person at a terminal, who can be asked more than once. */
export interface Prompt {
  /** Leaves the terminal as it was in every case. */
  ask(questions: readonly Question[]): Promise<Answers>;
  /** Lets go of the terminal, which would keep the process alive. */
  close(): void;
}

/**
 * Asks a person on a terminal.
 *
 * In raw mode, not line by line: a terminal's own line discipline echoes, and cuts a pasted token at 4,096 characters (1,024 on
 * macOS) without a word. Raw mode lasts for the questions of one call, so that Ctrl-C ends whatever comes between two calls.
 */
export function openPrompt(input: TerminalInput, output: Writable): Prompt {
  // One reader for all calls: the rest of a paste answers what is asked next, and ending a reader would close the input.
  const keys = keysOf(input);
  return {
    async ask(questions) {
      input.setRawMode(true);
      try {
        const answers: Sensitive[] = [];
        for (const { text, echo, mayBeEmpty = false } of questions) {
          output.write(`${text}: `);
          const line = await readLine(keys, echo ? output : undefined, mayBeEmpty);
          output.write("\n");
          if (line === undefined) return { kind: "cancelled" };
          answers.push(new Sensitive(line));
        }
        return { kind: "answered", answers };
      } finally {
        input.setRawMode(false);
      }
    },
    close: () => void input.destroy(),
  };
}

/** Asks everything at once, and closes the input. */
export async function ask(questions: readonly Question[], input: TerminalInput, output: Writable): Promise<Answers> {
  const prompt = openPrompt(input, output);
  try {
    return await prompt.ask(questions);
  } finally {
    prompt.close();
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

/** One answer, trimmed; `undefined` where the person gave up. */
async function readLine(
  keys: AsyncGenerator<string>,
  echo: Writable | undefined,
  mayBeEmpty: boolean,
): Promise<string | undefined> {
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
        if (line !== "" || mayBeEmpty) return line;
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
