import { styleText } from "node:util";

/** Writes for a person at a terminal, and plain text to a pipe. */
export interface Terminal {
  line(text?: string): void;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  // Whoever reads the pipe may have seen enough (`npm start | head`), which is no failure.
  stream.on("error", () => process.exit());
  const isColoured = stream.isTTY === true && !process.env["NO_COLOR"];
  const styled = (style: Parameters<typeof styleText>[0]) => (text: string) => {
    return isColoured ? styleText(style, text) : text;
  };
  return {
    line: (text = "") => stream.write(`${text}\n`),
    bold: styled("bold"),
    dim: styled("dim"),
    good: styled("green"),
    bad: styled("red"),
  };
}
