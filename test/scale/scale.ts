import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Measured, measureEvents } from "./census.ts";
import { live } from "./life.ts";
import { faultsOf, renderEvents, renderLife } from "./report.ts";

// `npm run scale` bundles it: in one file, what the function loads late is there within the same turn of the event loop. Otherwise simulated
// time would run on meanwhile.
const { values: options } = parseArgs({
  options: {
    connections: { type: "string", default: "10000" },
    days: { type: "string", default: "3" },
    census: { type: "string", default: "10000,40000" },
    write: { type: "boolean", default: false },
  },
});
const life = await live(Number(options.connections), Number(options.days) * 24);
const measured: Measured[] = [];
for (const size of options.census.split(",")) measured.push(...(await measureEvents(Number(size))));
const report = `${renderLife(life)}\n\n${renderEvents(measured)}`;
process.stdout.write(`\n${report}\n\n${JSON.stringify(Object.fromEntries(life.fleet.endings))}\n`);
if (options.write) {
  const page = readFileSync("docs/scale.md", "utf8");
  const results = /(<!-- results[^>]*-->).*(<!-- end of results -->)/s;
  writeFileSync(
    "docs/scale.md",
    page.replace(results, (_, begin, end) => `${begin}\n\n${report}\n\n${end}`),
  );
}
const faults = faultsOf(life);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
