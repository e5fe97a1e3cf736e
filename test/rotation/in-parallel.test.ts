import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { inParallel } from "../../lambda/rotation/in-parallel.ts";

/** Work that ends when the test says so, by its item. */
function byHand() {
  const begun: number[] = [];
  const ends = new Map<number, (result: string) => void>();
  return {
    begun,
    work(item: number): Promise<string> {
      begun.push(item);
      return new Promise((resolve) => ends.set(item, resolve));
    },
    async end(...items: readonly number[]): Promise<void> {
      for (const item of items) {
        ends.get(item)?.(`${item} done`);
        await turn();
      }
    },
  };
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

it("answers in the order of the items, whichever ends first", async () => {
  // given
  const { work, end } = byHand();
  const results = inParallel([1, 2, 3], work);

  // when
  await end(3, 1, 2);

  // then
  await expect(results).resolves.toEqual(["1 done", "2 done", "3 done"]);
});

it("does sixteen at once and no more", async () => {
  // given
  const { begun, work, end } = byHand();
  void inParallel(numbers(20), work);

  // when
  await turn();
  const first = begun.length;
  await end(2);

  // then
  expect([first, begun.length]).toEqual([16, 17]);
});

it("goes on past one that hangs", async () => {
  // given
  const { begun, work, end } = byHand();
  const results = inParallel(numbers(40), work);

  // when
  await turn();
  await end(...numbers(40).slice(1));
  const meanwhile = begun.length;
  await end(1);

  // then
  expect(meanwhile).toBe(40);
  await expect(results).resolves.toHaveLength(40);
});

it("leaves out what is not done when time is up, and begins no more", async () => {
  // given 20 items, of which one is done and another hangs
  let ring = (): void => {};
  const timeIsUp = new Promise<void>((resolve) => {
    ring = resolve;
  });
  const { begun, work, end } = byHand();
  const working = inParallel(numbers(20), work, timeIsUp);
  await turn();
  await end(2);

  // when
  ring();
  const results = await working;
  await end(...numbers(20).slice(2));

  // then
  expect(results).toHaveLength(20);
  expect(results.filter((result) => result !== undefined)).toEqual(["2 done"]);
  expect(begun).toHaveLength(17);
});

it("does nothing for no items", async () => {
  await expect(inParallel([], () => Promise.reject(new Error("called")))).resolves.toEqual([]);
});

it("rejects with the first failure", async () => {
  const work = (item: number) => Promise.reject(new Error(`${item} failed`));

  await expect(inParallel([1, 2], work)).rejects.toThrow("1 failed");
});
