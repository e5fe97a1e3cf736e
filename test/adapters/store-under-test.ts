import type { TokenStore, VersionId } from "../../lambda/rotation/ports.ts";

/** A token store over a token secret without a value, and a test's own way to that secret. */
export interface StoreUnderTest {
  readonly store: TokenStore;
  /** An instant that the store takes for some seconds from now, in milliseconds since the epoch. */
  readonly untilMs: number;
  /** Writes a version past the store and moves these labels to it. The first version also becomes AWSCURRENT. */
  put(id: VersionId, value: string, ...labels: readonly string[]): void;
  /** The version that each label is truly on. */
  labels(): Readonly<Record<string, VersionId>>;
  /** What a version truly holds; `undefined` where there is no such version. */
  value(id: VersionId): string | undefined;
}

/** Makes a fresh subject for each test and sees to its end. */
export type MakeStore = () => Promise<StoreUnderTest>;

/** Ids of versions, as long as those that the program chooses. */
export const [V1, V2, V3] = ["1".repeat(64), "2".repeat(64), "3".repeat(64)] as const;

/** A subject whose AWSCURRENT is version 1, the parent of what is written next. */
export async function seeded(makeStore: MakeStore): Promise<StoreUnderTest> {
  const subject = await makeStore();
  subject.put(V1, "pair 1", "AWSCURRENT");
  return subject;
}
