import { type Scene, startStandIns } from "./stand-ins.ts";

/** What the process is asked, one question at a time; it answers each with the outcome of the `StandIns` function. */
export type Question = { readonly kind: "prepare"; readonly scene: Scene } | { readonly kind: "traffic" };

const standIns = await startStandIns();

process.on("message", (question: Question) => {
  process.send?.(question.kind === "prepare" ? standIns.prepare(question.scene) : standIns.traffic());
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
