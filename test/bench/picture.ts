/** What one row of bars shows. */
export interface Bars {
  readonly title: string;
  readonly isOurs: boolean;
  /** Start to first rotation, and the part of it until the handler was loaded, × an empty handler. */
  readonly first: number;
  readonly ready: number;
  readonly peakMiB: number;
}

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
    .title, .ours { font-weight: 600; }
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
export function drawBars(rows: readonly Bars[]): string {
  const panelHeight = HEAD + rows.length * ROW + GAP;
  const height = 2 * panelHeight + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">What a start and a first rotation cost, this project beside others</title>
  <style>${STYLE}
  </style>
  <rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>
  <text class="title" x="${MARGIN}" y="${MARGIN + 12}">Start to first rotation, × an empty handler<tspan class="quiet" dx="10">darker: until the handler is loaded</tspan></text>
${drawPanel(
  MARGIN,
  rows.map(({ first, ready, ...row }) => ({ ...row, value: first, part: ready, label: `${first.toFixed(1)}×` })),
)}
  <text class="title" x="${MARGIN}" y="${MARGIN + panelHeight + 12}">Peak memory</text>
${drawPanel(
  MARGIN + panelHeight,
  rows.map(({ peakMiB, ...row }) => ({ ...row, value: peakMiB, part: 0, label: `${peakMiB.toFixed(0)} MiB` })),
)}
</svg>
`;
}

interface Row extends Pick<Bars, "title" | "isOurs"> {
  readonly value: number;
  readonly part: number;
  readonly label: string;
}

function drawPanel(top: number, rows: readonly Row[]): string {
  const scale = LONGEST_BAR / Math.max(...rows.map(({ value }) => value));
  return rows
    .map(({ title, isOurs, value, part, label }, index) => {
      const y = top + HEAD + index * ROW;
      const text = `<text${isOurs ? ' class="ours"' : ""} y="${y + BAR / 2 + 4.5}"`;
      const bar = (kind: string, length: number) =>
        `  <rect class="${kind}${isOurs ? " own" : ""}" x="${BARS_AT}" y="${y}" width="${(length * scale).toFixed(1)}" height="${BAR}" rx="2"/>`;
      return [
        `  ${text} x="${BARS_AT - 10}" text-anchor="end">${title}</text>`,
        bar("bar", value),
        bar("part", part),
        `  ${text} x="${(BARS_AT + value * scale + 8).toFixed(1)}">${label}</text>`,
      ].join("\n");
    })
    .join("\n");
}
