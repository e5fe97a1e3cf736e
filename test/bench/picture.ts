import { NAMES, type Name, TITLES } from "./implementations.ts";
import type { Result, Results } from "./results.ts";

/** One bar chart of the picture. */
interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  readonly value: (result: Result) => number;
  /** A part of the value that is drawn darker, with its name. */
  readonly part?: { readonly name: string; readonly value: (result: Result) => number };
}

const PANELS: readonly Panel[] = [
  {
    title: "Start to first rotation, wall time, × an empty handler",
    unit: "×",
    digits: 1,
    value: ({ first }) => first.wall.median,
    part: { name: "until the handler is loaded", value: ({ ready }) => ready.wall.median },
  },
  {
    title: "Start to first rotation, CPU time, × an empty handler",
    unit: "×",
    digits: 1,
    value: ({ first }) => first.cpu.median,
    part: { name: "until the handler is loaded", value: ({ ready }) => ready.cpu.median },
  },
  { title: "Peak memory", unit: " MiB", digits: 0, value: ({ peakMiB }) => peakMiB.median },
];

// All lengths in the picture's own pixels.
const WIDTH = 780;
const MARGIN = 20;
const BARS_AT = 180;
const LONGEST_BAR = 500;
const ROW = 26;
const BAR = 16;
const HEAD = 34;
const GAP = 22;

/** With a ground of its own: a page's mode is not always what the reader's system says. */
const STYLE = `
    .ground { fill: #ffffff; }
    text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #3d444d; }
    .title { font-weight: 600; }
    .ours { font-weight: 600; }
    .quiet { fill: #6e7781; font-size: 12px; font-weight: 400; }
    .bar { fill: #8c959f; } .part { fill: #6e7781; }
    .bar.own { fill: #2f81f7; } .part.own { fill: #1f6feb; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117; }
      text { fill: #d1d7e0; } .quiet { fill: #9198a1; }
      .bar { fill: #656c76; } .part { fill: #4d555f; }
      .bar.own { fill: #4493f8; } .part.own { fill: #316dca; }
    }`;

/** The comparison as a drawing that stands alone: every number in it is text. */
export function drawResults(results: Results): string {
  const names = NAMES.filter((name) => results.has(name));
  const panelHeight = HEAD + names.length * ROW + GAP;
  const panels = PANELS.map((panel, index) => drawPanel(panel, MARGIN + index * panelHeight, names, results));
  const height = PANELS.length * panelHeight + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">What a start and a first rotation cost, this project beside others</title>
  <style>${STYLE}
  </style>
  <rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>
${panels.join("\n")}
</svg>
`;
}

function drawPanel(panel: Panel, top: number, names: readonly Name[], results: Results): string {
  const rows = names.flatMap((name) => {
    const result = results.get(name);
    return result === undefined ? [] : [{ name, value: panel.value(result), part: panel.part?.value(result) }];
  });
  const scale = LONGEST_BAR / Math.max(...rows.map(({ value }) => value));
  const explanation = panel.part ? `<tspan class="quiet" dx="10">darker: ${panel.part.name}</tspan>` : "";
  const title = `  <text class="title" x="${MARGIN}" y="${top + 12}">${panel.title}${explanation}</text>`;
  const bars = rows.map(({ name, value, part }, index) => {
    const y = top + HEAD + index * ROW;
    const middle = y + BAR / 2 + 4.5;
    const own = name === "ours" ? " own" : "";
    const bar = (kind: string, length: number) =>
      `<rect class="${kind}${own}" x="${BARS_AT}" y="${y}" width="${(length * scale).toFixed(1)}" height="${BAR}" rx="2"/>`;
    return [
      `  <text${name === "ours" ? ' class="ours"' : ""} x="${BARS_AT - 10}" y="${middle}" text-anchor="end">${TITLES[name]}</text>`,
      `  ${bar("bar", value)}`,
      ...(part === undefined ? [] : [`  ${bar("part", part)}`]),
      `  <text${name === "ours" ? ' class="ours"' : ""} x="${(BARS_AT + value * scale + 8).toFixed(1)}" y="${middle}">${value.toFixed(panel.digits)}${panel.unit}</text>`,
    ].join("\n");
  });
  return [title, ...bars].join("\n");
}
