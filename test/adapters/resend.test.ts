import { expect, it } from "vitest";
import { type Persistence, resend } from "../../lambda/adapters/resend.ts";

const PATIENT: Persistence = { forMs: 10_000, maxAttempts: 10, attemptMs: 1_000, isFinal: () => false };

/** A request that fails with each of these in turn, and is then acknowledged. */
function failing(...failures: readonly string[]) {
  const startedAtMs: number[] = [];
  return {
    startedAtMs,
    async send() {
      const failure = failures[startedAtMs.length];
      startedAtMs.push(performance.now());
      if (failure !== undefined) throw new Error(failure);
      return "acknowledged";
    },
  };
}

it("sends once where the first attempt is acknowledged", async () => {
  const request = failing();

  expect(await resend(PATIENT, request.send)).toBe("acknowledged");
  expect(request.startedAtMs.length).toBe(1);
});

it("sends again until it is acknowledged", async () => {
  const request = failing("reset", "reset");

  expect(await resend(PATIENT, request.send)).toBe("acknowledged");
  expect(request.startedAtMs.length).toBe(3);
});

it("pauses longer before each further attempt", async () => {
  const request = failing("reset", "reset", "reset");

  await resend(PATIENT, request.send);

  const [first = 0, second = 0, third = 0, fourth = 0] = request.startedAtMs;
  expect(second - first).toBeGreaterThan(20);
  expect(third - second).toBeGreaterThan(45);
  expect(fourth - third).toBeGreaterThan(95);
});

it("throws the last attempt's error when the attempts are used up", async () => {
  const request = failing("first", "second", "third");

  await expect(resend({ ...PATIENT, maxAttempts: 2 }, request.send)).rejects.toThrow(new Error("second"));
  expect(request.startedAtMs.length).toBe(2);
});

it("throws at once what another attempt cannot mend", async () => {
  const request = failing("reset", "denied", "reset");
  const isFinal = (error: unknown) => error instanceof Error && error.message === "denied";

  await expect(resend({ ...PATIENT, isFinal }, request.send)).rejects.toThrow(new Error("denied"));
  expect(request.startedAtMs.length).toBe(2);
});

it("starts no attempt that would begin after its time", async () => {
  const request = failing("first", "second");

  await expect(resend({ ...PATIENT, forMs: 20 }, request.send)).rejects.toThrow(new Error("first"));
  expect(request.startedAtMs.length).toBe(1);
});

it("makes one attempt even where no time is left", async () => {
  const request = failing();

  expect(await resend({ ...PATIENT, forMs: -1 }, request.send)).toBe("acknowledged");
});

it("aborts each attempt that hangs and sends again under a signal of its own", async () => {
  const signals: AbortSignal[] = [];
  const persistence = { ...PATIENT, maxAttempts: 2, attemptMs: 20 };

  const hanging = resend(persistence, (signal) => {
    signals.push(signal);
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });

  await expect(hanging).rejects.toMatchObject({ name: "TimeoutError" });
  expect(new Set(signals).size).toBe(2);
});

it("sends again beside an attempt that stays silent, and takes the answer that comes first", async () => {
  const answers: ((value: string) => void)[] = [];

  const answered = resend({ ...PATIENT, patienceMs: 10 }, () => {
    return new Promise<string>((resolve) => {
      answers.push(resolve);
      if (answers.length === 3) answers[0]?.("of the first");
    });
  });

  expect(await answered).toBe("of the first");
  expect(answers.length).toBe(3);
});

it("takes no notice of a silent attempt that fails while the one beside it is under way", async () => {
  let sent = 0;

  const answered = resend({ ...PATIENT, maxAttempts: 2, patienceMs: 10 }, async () => {
    sent += 1;
    const attempt = sent;
    await new Promise((resolve) => setTimeout(resolve, attempt === 1 ? 30 : 60));
    if (attempt === 1) throw new Error("reset");
    return "of the second";
  });

  expect(await answered).toBe("of the second");
});

/** Attempts that end when the test says so. */
function pending() {
  const attempts: { readonly acknowledge: (value: string) => void; readonly fail: (error: Error) => void }[] = [];
  const arrivals: (() => void)[] = [];
  return {
    attempts,
    send: () =>
      new Promise<string>((acknowledge, fail) => {
        attempts.push({ acknowledge, fail });
        arrivals.shift()?.();
      }),
    /** Until so many attempts have been sent, and what followed from them has been done. */
    async sent(count: number) {
      while (attempts.length < count) await new Promise<void>((resolve) => arrivals.push(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const isDenied = (error: unknown) => error instanceof Error && error.message === "denied";

it.each([
  ["the attempts are used up", "reset", { maxAttempts: 2 }],
  ["no other attempt can mend it", "denied", { isFinal: isDenied }],
])("waits for a silent attempt before it gives up because %s", async (_, failure, persistence) => {
  const request = pending();
  const answered = resend({ ...PATIENT, patienceMs: 10, ...persistence }, request.send);

  await request.sent(2);
  request.attempts.at(-1)?.fail(new Error(failure));
  await new Promise((resolve) => setTimeout(resolve, 20));
  request.attempts[0]?.acknowledge("of the first");

  expect(await answered).toBe("of the first");
});

it("throws the newest attempt's error when a silent one fails after it", async () => {
  const request = pending();
  const answered = resend({ ...PATIENT, patienceMs: 10, maxAttempts: 2 }, request.send);
  const failure = answered.catch((error: unknown) => error);

  await request.sent(2);
  request.attempts[1]?.fail(new Error("second"));
  await new Promise((resolve) => setImmediate(resolve));
  request.attempts[0]?.fail(new Error("first"));

  expect(await failure).toEqual(new Error("second"));
});
