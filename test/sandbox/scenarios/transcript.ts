import type { Terminal } from "../../../sandbox/terminal.ts";

/** A terminal without colours that keeps what it was told. */
export interface Transcript extends Terminal {
  text(): string;
}

export function createTranscript(): Transcript {
  const lines: string[] = [];
  return {
    line: (text = "") => lines.push(text),
    bold: String,
    dim: String,
    good: String,
    bad: String,
    text: () => lines.join("\n"),
  };
}
