import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./measure.ts";
import { report } from "./report.ts";

const DOCUMENT = join(import.meta.dirname, "../../../docs/durability.md");
const BEGIN = "<!-- measured: npm run bench:fire -- --write -->";
const END = "<!-- end -->";

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const { trials, heldUpMs } = await measure();
const { tables, goals } = report(trials);
const verdicts = goals.map(({ isMet, text }) => `- ${isMet ? "met" : "**not met**"}: ${text}`).join("\n");
const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)}.`;
const measured = `${verdicts}\n\n${tables}\n\n${machine} Held up by other work for ${(heldUpMs / 1_000).toFixed(1)} s in all.`;

console.log(measured);
if (values.write) {
  const [before = "", rest = ""] = readFileSync(DOCUMENT, "utf8").split(BEGIN);
  const after = rest.split(END)[1] ?? "";
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n\n${measured}\n\n${END}${after}`);
}
if (goals.some(({ isMet }) => !isMet)) process.exitCode = 1;
