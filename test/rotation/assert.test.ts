import { expect, it } from "vitest";
import { assertNever } from "../../lambda/rotation/assert.ts";

it("names the kind that no switch foresaw", () => {
  expect(() => assertNever({ kind: "sideways" } as never)).toThrow(new Error("unreachable kind: sideways"));
});
