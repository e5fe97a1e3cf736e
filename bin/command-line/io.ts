import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";
import type { Io, Style } from "./command.ts";
import { openPrompt, type Prompt, type TerminalInput } from "./prompt.ts";

/** The three streams of a process, each of them perhaps a terminal. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;
const ERASE_LINE = "\r\x1b[K";

/** The person's side, on the streams of a process. To be closed: an open terminal would keep the process alive. */
export function createIo(streams: Streams, environment: Readonly<Record<string, string | undefined>>): Io & Disposable {
  const { stdin, stdout, stderr } = streams;
  const isColourful = !environment["NO_COLOR"];
  let prompt: Prompt | undefined;
  let isSpinning = false;

  async function spinning<T>(text: string, work: Promise<T>): Promise<T> {
    isSpinning = true;
    try {
      return await spin(stderr, text, isColourful, work);
    } finally {
      isSpinning = false;
    }
  }

  async function answer(text: string, echo: boolean, mayBeEmpty: boolean): Promise<string | undefined> {
    if (!isTerminal(stdin)) return undefined;
    prompt ??= openPrompt(stdin, stderr);
    const asked = await prompt.ask([{ text, echo, mayBeEmpty }]);
    return asked.kind === "answered" ? asked.answers[0]?.reveal() : undefined;
  }

  return {
    tell: (line) => void stdout.write(`${line}\n`),
    complain: (sentence) => void stderr.write(`${isSpinning ? ERASE_LINE : ""}xt-token: ${sentence}\n`),
    waiting: (text, work) => (stderr.isTTY ? spinning(text, work) : work),
    ask: (question, echo) => answer(question, echo, false),
    confirm: async (question) => /^y(es)?$/i.test((await answer(`${question} [y/N]`, true, true)) ?? ""),
    style: createStyle(isColourful && stdout.isTTY === true),
    [Symbol.dispose]: () => prompt?.close(),
  };
}

function isTerminal(stdin: Streams["stdin"]): stdin is TerminalInput {
  return stdin.isTTY === true && stdin.setRawMode !== undefined;
}

function createStyle(isColourful: boolean): Style {
  const styled = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    isColourful ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: styled("bold"),
    dim: styled("dim"),
    good: styled("green"),
    warn: styled("yellow"),
    bad: styled("red"),
  };
}

/** Draws from the first frame on only once something takes longer than one frame, so that quick work does not flicker. */
async function spin<T>(stream: Writable, text: string, isColourful: boolean, work: Promise<T>): Promise<T> {
  let frame = 0;
  const timer = setInterval(() => {
    const sign = FRAMES[frame % FRAMES.length] ?? "";
    stream.write(`${ERASE_LINE}${isColourful ? styleText("cyan", sign, { validateStream: false }) : sign} ${text}`);
    frame += 1;
  }, FRAME_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (frame > 0) stream.write(ERASE_LINE);
  }
}
