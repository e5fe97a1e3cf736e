import { PassThrough, Readable } from "node:stream";
import { expect, it } from "vitest";
import { type Answers, ask } from "../../../bin/command-line/prompt.ts";

const QUESTIONS = [
  { text: "name", echo: true },
  { text: "password", echo: false },
];

interface Asked {
  readonly answers: readonly string[] | "cancelled";
  readonly screen: string;
  /** Every mode that the terminal was put in. */
  readonly raw: readonly boolean[];
}

function revealed(asked: Answers): Asked["answers"] {
  return asked.kind === "answered" ? asked.answers.map((answer) => answer.reveal()) : "cancelled";
}

/** Types every chunk, then hangs up. */
async function type(...chunks: readonly (string | Buffer)[]): Promise<Asked> {
  const raw: boolean[] = [];
  const input = Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), {
    setRawMode: (mode: boolean) => raw.push(mode),
  });
  const output = new PassThrough();
  const answers = revealed(await ask(QUESTIONS, input, output));
  return { answers, screen: String(output.read()), raw };
}

it("shows what is typed only where it may be seen", async () => {
  expect(await type("k", "i", "m", "\r", "s3cret", "\r")).toEqual({
    answers: ["kim", "s3cret"],
    screen: "name: kim\npassword: \n",
    raw: [true, false],
  });
});

it("takes a paste of several lines for several answers, whatever ends the lines", async () => {
  expect((await type(" kim \r\n\ns3cret\r\n")).answers).toEqual(["kim", "s3cret"]);
});

it("passes over Enter where nothing was typed", async () => {
  expect((await type("\r\r", " \r", "kim\r", "\r", "s3cret\r")).answers).toEqual(["kim", "s3cret"]);
});

it("takes back a key with backspace and the line with Ctrl-U", async () => {
  const asked = await type("\x7fab\x7fc\x08\x7f", "xy", "\x15", "kim\r", "wrong\x15s3creT\x7ft\r");

  expect(asked.answers).toEqual(["kim", "s3cret"]);
  expect(asked.screen).toBe("name: ab\b \bc\b \b\b \bxy\b \b\b \bkim\npassword: \n");
});

it("leaves cursor keys, other control keys and the marks around a paste out", async () => {
  const asked = await type("\x1b[200~k\x1b[201~", "\x1b[D", "\x1bOA", "i\tm\r", "s3\x1b[1;5Ccret\x00\r");

  expect(asked.answers).toEqual(["kim", "s3cret"]);
});

it("puts a character together that arrives in two pieces", async () => {
  expect((await type("kim\r", Buffer.from([0xc3]), Buffer.from([0xa9]), "\r")).answers).toEqual(["kim", "é"]);
});

it.each([
  ["Ctrl-C", "s3cr\x03et\r"],
  ["Ctrl-D", "s3cr\x04et\r"],
  ["the terminal's end", "s3cret"],
])("gives up at %s and restores the terminal", async (_what, typed) => {
  expect(await type("kim\r", typed)).toEqual({
    answers: "cancelled",
    screen: "name: kim\npassword: \n",
    raw: [true, false],
  });
});

it("restores the terminal when reading from it fails", async () => {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => raw.push(mode) });

  const asked = ask(QUESTIONS, input, new PassThrough());
  input.destroy(new Error("EIO"));

  await expect(asked).rejects.toThrow("EIO");
  expect(raw).toEqual([true, false]);
});
