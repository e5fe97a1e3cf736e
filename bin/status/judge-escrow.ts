import type { VersionedPair } from "../../lambda/rotation/decide.ts";
import type { VersionId } from "../../lambda/rotation/ports.ts";
import { deleteCopyCommandLine } from "../command-line/aws-command-line.ts";
import { describeDistance } from "../command-line/duration.ts";
import { nextCommand } from "../command-line/next-command.ts";
import type { Sight } from "./sight.ts";
import type { Finding } from "./verdict.ts";

/** What the escrow holds, and that it could not be looked into, means for a person. Pure. */
export function judgeEscrow(sight: Sight): readonly Finding[] {
  const { target, escrow, trace } = sight;
  switch (escrow.kind) {
    case "unnamed":
      return [
        { severity: "note", code: "escrow-unnamed", message: "nobody said where the escrow is, add --escrow-prefix" },
      ];
    case "unreachable": {
      const next = nextCommand(target, "doctor");
      const message = `the escrow cannot be asked from here (${escrow.code})`;
      return [{ severity: trace === undefined ? "note" : "attention", code: "escrow-unreachable", message, next }];
    }
    case "asked":
      return [...escrow.copies].map(([versionId, copy]) => judgeCopy(sight, versionId, copy));
  }
}

function judgeCopy(sight: Sight, versionId: VersionId, copy: VersionedPair | undefined): Finding {
  const { target, facts, trace, nowMs } = sight;
  if (facts.current.kind === "pair" && facts.current.versionId === versionId) {
    const message = "the escrow still holds a copy of the pair in use, delete it";
    return { severity: "attention", code: "escrow-left", message, next: deleteCopyCommandLine(target, versionId) };
  }
  if (trace?.kind === "escrow" && trace.staged.versionId === versionId) {
    const message = `the escrow holds the pair of version ${versionId}, it is safe there and a tick brings it home`;
    return { severity: "attention", code: "escrow-holds", message, next: nextCommand(target, "rotate") };
  }
  const next = nextCommand(target, "recover");
  if (facts.staged?.versionId === versionId || (trace?.kind === "secret" && trace.staged.versionId === versionId)) {
    const message = `the escrow still holds a copy of version ${versionId}, which is in the token secret`;
    return { severity: "attention", code: "escrow-left", message, next };
  }
  if (copy === undefined) {
    const message = `the escrow holds a value under ${versionId} that is no token pair`;
    return { severity: "note", code: "escrow-other", message, next };
  }
  const { refreshExpiresAtMs } = copy.pair;
  if (refreshExpiresAtMs !== undefined && refreshExpiresAtMs <= nowMs) {
    const message = `the escrow holds the pair of version ${versionId}, whose refresh token expired ${describeDistance(refreshExpiresAtMs, nowMs)}`;
    return { severity: "note", code: "escrow-expired", message, next };
  }
  const message = `the escrow holds the pair of version ${versionId}, which no tick brings home: see whether it is the newest`;
  return { severity: "attention", code: "escrow-stranded", message, next };
}
