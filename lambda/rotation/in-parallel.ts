/** How many items are worked on at the same time. With more, the one CPU of the function would be the limit. */
const WORKERS = 16;

/**
 * Does the work for every item, several at the same time. A slow item delays only its own worker.
 *
 * @param timeIsUp when it resolves, the items that are not done have `undefined` as their result
 * @throws the first error of the work
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  timeIsUp: Promise<unknown> = new Promise(() => {}),
): Promise<readonly (Result | undefined)[]> {
  const results = new Array<Result | undefined>(items.length);
  let isUp = false;
  // All workers share the queue, so each item is taken once.
  const queue = items.entries();
  async function drain(): Promise<void> {
    for (const [index, item] of queue) {
      if (isUp) return;
      results[index] = await work(item);
    }
  }
  const workers = Promise.all(Array.from({ length: WORKERS }, drain));
  await Promise.race([workers, timeIsUp]);
  isUp = true;
  return [...results];
}
