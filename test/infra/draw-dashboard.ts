/** Draws docs/dashboard.svg: the deployed dashboard as CloudWatch shows it after the scenario store-outage. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { endSpareProcesses } from "../../sandbox/execution-environment.ts";
import { createAlarmWatch, type Metrics, readMetrics } from "../../sandbox/scenarios/alarm-watch.ts";
import { playScenario } from "../../sandbox/scenarios/play-scenario.ts";
import { SCENARIOS } from "../../sandbox/scenarios/run-scenarios.ts";
import { buildTemporaryBundle } from "../../sandbox/world.ts";
import { createTranscript } from "../sandbox/scenarios/transcript.ts";
import { monitoringTemplate, type Widget, widgetsOf } from "./monitoring.ts";
import { PROJECT_ROOT } from "./synthesis.ts";

const BEGAN_AT_MS = Date.UTC(2026, 0, 1);
// Lengths in pixels. CloudWatch's grid has 24 columns; around a graph there is space for its title, its scale, its times and its legend.
const [COLUMN, LINE, GAP] = [42, 38, 6];
const PLOT = { top: 34, left: 42, right: 24, bottom: 42 } as const;
const COLOURS = ["#0972d3", "#d13212", "#067f68"];
const STYLE =
  "text{font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#16191f}.title{font-weight:600;font-size:13px}" +
  ".quiet{fill:#687078;font-size:11px}.mono{font:11px ui-monospace,Menlo,Consolas,monospace}.box{fill:#fff;stroke:#d5dbdb}";

/** What a census writes. The story has one connection, and every census finds it attended. */
const CENSUS: Metrics = { Connections: 1, ConnectionsUnattended: 0 };

const { ticks, active } = await play();

async function play() {
  const bundle = buildTemporaryBundle();
  try {
    const [scenario] = SCENARIOS.filter(({ name }) => name === "store-outage");
    if (scenario === undefined) throw new Error("found no scenario store-outage");
    const played = await playScenario(bundle.path, scenario, BEGAN_AT_MS, createTranscript());
    const watch = createAlarmWatch(BEGAN_AT_MS);
    for (const { atMs, output } of played.ticks) watch.see({ atMs, metrics: [...readMetrics(output), CENSUS] });
    return { ticks: played.ticks, active: watch.active };
  } finally {
    endSpareProcesses();
    bundle.remove();
  }
}

function drawDashboard(widgets: readonly Widget[]): string {
  const height = Math.max(...widgets.map((widget) => widget.y + widget.height)) * LINE;
  const drawn = widgets.map((widget) => {
    const [width, height] = [widget.width * COLUMN - GAP, widget.height * LINE - GAP];
    return `<g transform="translate(${widget.x * COLUMN + GAP / 2} ${widget.y * LINE + GAP / 2})">
<rect class="box" width="${width}" height="${height}" rx="4"/>${text(12, 20, widget.properties.title ?? "", "title")}
${CONTENT[widget.type](widget.properties, width, height)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${24 * COLUMN} ${height}" role="img" aria-label="The dashboard after an hour without Secrets Manager">
<style>${STYLE}</style><rect width="100%" height="100%" fill="#f2f3f3"/>
${drawn.join("\n")}\n</svg>\n`;
}

type Content = (properties: Widget["properties"], width: number, height: number) => string;

const CONTENT: Readonly<Record<Widget["type"], Content>> = {
  text: ({ markdown = "" }) => text(12, 20, markdown.replaceAll("`", "")),
  alarm: ({ alarms = [] }) =>
    alarms
      .map((arn, index) => {
        const name = /Alarms(\w+)[0-9A-F]{8}\.Arn/.exec(arn)?.[1] ?? arn;
        const [state, colour] = active.some((id) => id === name) ? ["In alarm", "#d13212"] : ["OK", "#1d8102"];
        const x = 12 + index * 164;
        return `<rect x="${x}" y="34" width="156" height="58" rx="4" fill="${colour}" fill-opacity=".06" stroke="${colour}"/>
${text(x + 10, 58, name)}${text(x + 10, 78, state, "quiet")}`;
      })
      .join("\n"),
  // The newest first, as the query sorts them. At the end of the story the connection is well, so the other query finds nothing.
  log: ({ query = "" }) =>
    (query.includes("stats") ? [] : ticks)
      .flatMap(({ output }) => output.split("\n").filter((line) => /^\{"level":"(WARN|ERROR)"/.test(line)))
      .map((line): Readonly<Record<string, string>> => JSON.parse(line))
      .map(({ timestamp = "", level, message }) => `${timestamp.slice(11, 19)}  ${level}  ${message}`)
      .reverse()
      .map((line, index) => text(12, 44 + index * 22, line.slice(0, 140), "mono"))
      .join("\n"),
  metric({ metrics = [], annotations, yAxis }, width, height) {
    const series = metrics.map(seriesOf).filter(({ points }) => points.length > 0);
    const limits = annotations?.horizontal ?? [];
    const highest = Math.max(...[...limits, ...series.flatMap(({ points }) => points)].map(({ value }) => value));
    const top = yAxis?.left?.max ?? Math.ceil(highest * 1.1);
    const [begin = 0, end = 1] = [ticks[0]?.atMs, ticks.at(-1)?.atMs];
    const plot = { width: width - PLOT.left - PLOT.right, height: height - PLOT.top - PLOT.bottom };
    const x = (atMs: number) => Math.round(PLOT.left + ((atMs - begin) / (end - begin)) * plot.width);
    const y = (value: number) => Math.round(PLOT.top + plot.height * (1 - value / top));
    return [
      `<path d="M${PLOT.left} ${PLOT.top}v${plot.height}h${plot.width}" fill="none" stroke="#aab7b8"/>`,
      ...[0, top].map((value) => text(PLOT.left - 6, y(value) + 4, String(value), "quiet", "end")),
      ...[begin, end].map((atMs) =>
        text(x(atMs), height - 26, new Date(atMs).toISOString().slice(11, 16), "quiet", "middle"),
      ),
      ...limits.map(
        ({ value, label }) =>
          `<path d="M${PLOT.left} ${y(value)}h${plot.width}" stroke="#879596" stroke-dasharray="4 3"/>${text(x(end), y(value) - 4, label, "quiet", "end")}`,
      ),
      ...series.map(({ label, points }, index) => {
        const line = points.map(({ atMs, value }) => `${x(atMs)} ${y(value)}`).join("L");
        const left = PLOT.left + index * 110;
        return `<path d="M${line}" fill="none" stroke="${COLOURS[index]}" stroke-width="2"/>
<path d="M${left} ${height - 11}h12" stroke="${COLOURS[index]}" stroke-width="4"/>${text(left + 17, height - 7, label, "quiet")}`;
      }),
    ].join("\n");
  },
};

/** One line of a graph; without points where a story says nothing, such as how long a run took. */
function seriesOf(row: readonly unknown[]) {
  const { label = "", expression, stat, visible } = Object(row.at(-1));
  const [name, divisor] = expression === undefined ? [String(row[1]), 1] : ["SecondsToRefreshExpiry", 86_400];
  const points = ticks.flatMap(({ atMs, endings, output }) => {
    if (name === "Invocations") return [{ atMs, value: endings.length }];
    if (name === "Errors") return [{ atMs, value: endings.filter(({ kind }) => kind !== "returned").length }];
    const values = [...readMetrics(output), CENSUS].flatMap((run) => run[name] ?? []);
    const value = (stat === "Minimum" ? Math.min : Math.max)(...values) / divisor;
    return visible === false || values.length === 0 ? [] : [{ atMs, value }];
  });
  return { label: String(label), points };
}

function text(x: number, y: number, words: string, style = "", anchor = "start"): string {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" class="${style}" text-anchor="${anchor}">${escaped}</text>`;
}

writeFileSync(join(PROJECT_ROOT, "docs", "dashboard.svg"), drawDashboard(widgetsOf(monitoringTemplate())));
