import { expect, it } from "vitest";
import { withResults } from "./write-document.ts";

const PAGE = `# Performance

<!-- results: written by npm run bench -- --write -->

old results

<!-- end of results -->

How to repeat it.
`;

it("puts the results in the place of the last ones, and leaves the rest of the page alone", () => {
  expect(withResults(PAGE, "new results")).toBe(PAGE.replace("old", "new"));
});

it("refuses a page that has no place for them", () => {
  expect(() => withResults("# Performance\n", "new results")).toThrow("the page has no place for the results");
});
