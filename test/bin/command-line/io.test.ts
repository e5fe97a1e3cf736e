import { PassThrough } from "node:stream";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { createIo } from "../../../bin/command-line/io.ts";

interface Terminal {
  readonly io: ReturnType<typeof createIo>;
  readonly stdin: PassThrough;
  out(): string;
  err(): string;
}

function open(isTTY: boolean, environment: Readonly<Record<string, string>> = {}): Terminal {
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const io = createIo({ stdin, stdout, stderr }, environment);
  onTestFinished(() => io[Symbol.dispose]());
  return { io, stdin, out: () => String(stdout.read() ?? ""), err: () => String(stderr.read() ?? "") };
}

/** Work that the test ends. */
function deferred() {
  let resolve: (value: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((...ways) => {
    [resolve, reject] = ways;
  });
  return { promise, resolve, reject };
}

afterEach(() => void vi.useRealTimers());

it("tells results on standard output and trouble on standard error", () => {
  const { io, out, err } = open(false);

  io.tell("a result");
  io.complain("a problem");

  expect([out(), err()]).toEqual(["a result\n", "xt-token: a problem\n"]);
});

it.each([
  [true, {}, "\x1b[32mwell\x1b[39m"],
  [true, { NO_COLOR: "1" }, "well"],
  [false, {}, "well"],
])("on a terminal: %s, with %j, colours %j", (isTTY, environment, text) => {
  expect(open(isTTY, environment).io.style.good("well")).toBe(text);
});

it("shows on a terminal what it waits for, and takes it away again", async () => {
  vi.useFakeTimers();
  const { io, err } = open(true, { NO_COLOR: "1" });
  const work = deferred();

  const waiting = io.waiting("asking", work.promise);
  vi.advanceTimersByTime(170);
  work.resolve("answer");

  expect(await waiting).toBe("answer");
  expect(err()).toBe("\r\x1b[K⠋ asking\r\x1b[K⠙ asking\r\x1b[K");
});

it("takes it away too where the work fails", async () => {
  vi.useFakeTimers();
  const { io, err } = open(true, { NO_COLOR: "1" });
  const work = deferred();

  const waiting = io.waiting("asking", work.promise);
  vi.advanceTimersByTime(90);
  work.reject(new Error("broke"));

  await expect(waiting).rejects.toThrow("broke");
  expect(err()).toBe("\r\x1b[K⠋ asking\r\x1b[K");
});

it.each([
  [false, 170],
  [true, 70],
])("on a terminal: %s, shows nothing of work of %s ms", async (isTTY, ms) => {
  vi.useFakeTimers();
  const { io, err } = open(isTTY);
  const work = deferred();

  const waiting = io.waiting("asking", work.promise);
  vi.advanceTimersByTime(ms);
  work.resolve("answer");
  await waiting;

  expect(err()).toBe("");
});

it("asks several times, and one paste answers several questions", async () => {
  const { io, stdin, err } = open(true);
  stdin.write("kim\rsecret\r");

  const answers = [await io.ask("name", true), await io.ask("code", false)];

  expect(answers).toEqual(["kim", "secret"]);
  expect(err()).toBe("name: kim\ncode: \n");
});

it("gives no answer where the person gave up", async () => {
  const { io, stdin } = open(true);
  stdin.write("ki\x03");

  expect(await io.ask("name", true)).toBeUndefined();
});

it.each([
  ["y\r", true],
  ["Yes\r", true],
  ["\r", false],
  ["n\r", false],
  ["yesterday\r", false],
  ["\x03", false],
])("takes %j for consent: %s", async (typed, consent) => {
  const { io, stdin } = open(true);
  stdin.write(typed);

  expect(await io.confirm("go on?")).toBe(consent);
});

it("asks nothing where there is no terminal", async () => {
  const { io, stdin, err } = open(false);
  stdin.write("y\r");

  expect([await io.ask("name", true), await io.confirm("go on?")]).toEqual([undefined, false]);
  expect(err()).toBe("");
});

it("takes away what it waits for before it complains", async () => {
  vi.useFakeTimers();
  const { io, err } = open(true, { NO_COLOR: "1" });
  const work = deferred();

  const waiting = io.waiting("asking", work.promise);
  vi.advanceTimersByTime(90);
  io.complain("a problem");
  work.resolve("answer");
  await waiting;

  expect(err()).toBe("\r\x1b[K⠋ asking\r\x1b[Kxt-token: a problem\n\r\x1b[K");
});
