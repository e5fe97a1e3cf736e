/** Makes the compiler prove that a switch covers every kind. */
export function assertNever(value: never): never {
  throw new Error(`unreachable kind: ${(value as { kind?: unknown }).kind}`);
}
