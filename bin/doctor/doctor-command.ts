import { type Command, EXIT, type Exit, type Style } from "../command-line/command.ts";
import { checkCredentials, createClient } from "../connection/connect.ts";
import { encryptionCheck } from "./check-encryption.ts";
import { escrowCheck } from "./check-escrow.ts";
import { networkChecks } from "./check-network.ts";
import { scheduleCheck } from "./check-schedule.ts";
import { secretChecks } from "./check-secrets.ts";
import { type Check, type Examination, examine, good, type Remark } from "./checks.ts";

export const doctorCommand: Command = {
  name: "doctor",
  summary: "checks permissions, encryption, schedule, clock and network",
  description: `Checks everything that a rotation depends on, one line each, and writes nothing. It sees what your credentials may see from
your network; what the function's own role may do from where it runs, its log tells. The clock may be two minutes off. XT is asked for
the head of its base URL, without credentials.

Exit codes: 0 all is well, 3 with remarks, 4 with failures, 1 it could not begin, 2 bad arguments.`,
  options: {},
  examinesCredentials: true,
  async run(target, _given, surroundings) {
    const { io } = surroundings;
    // Apart from the others' client: the clock's check listens to it.
    const client = createClient(target.region);
    try {
      const examination = { target, surroundings, client };
      const credentials = await examine(credentialsCheck(examination));
      const checks = checksBeyond(examination, credentials);
      const remarks = [credentials, ...(await io.waiting("examining", Promise.all(checks.map(examine))))];
      io.tell(io.style.bold(target.config.tokenSecretId));
      io.tell("");
      for (const line of remarkLines(["credentials", ...checks.map(({ title }) => title)], remarks, io.style))
        io.tell(line);
      return exitOf(remarks);
    } finally {
      client.destroy();
    }
  },
};

function credentialsCheck({ client }: Examination): Check {
  return {
    title: "credentials",
    async examine() {
      await checkCredentials(client);
      return good(`found, for region ${await client.config.region()}`);
    },
  };
}

function checksBeyond(examination: Examination, credentials: Remark): readonly Check[] {
  const ofAws = [
    ...secretChecks(examination),
    encryptionCheck(examination),
    escrowCheck(examination),
    scheduleCheck(examination),
  ];
  const unchecked: Remark = { kind: "unchecked", sentence: "not checked without credentials" };
  const asked =
    credentials.kind === "good" ? ofAws : ofAws.map(({ title }) => ({ title, examine: async () => unchecked }));
  return [...asked, ...networkChecks(examination)];
}

function remarkLines(titles: readonly string[], remarks: readonly Remark[], style: Style): readonly string[] {
  const width = Math.max(...titles.map((title) => title.length));
  const signs = {
    good: style.good("✓"),
    warning: style.warn("!"),
    bad: style.bad("✗"),
    unchecked: style.dim("·"),
  };
  return titles.flatMap((title, index) => {
    const remark = remarks[index];
    if (remark === undefined) return [];
    const { kind, sentence, next } = remark;
    const line = `  ${signs[kind]} ${style.dim(title.padEnd(width))}  ${sentence}`;
    const indent = " ".repeat(width + 6);
    return next === undefined ? [line] : [line, `${indent}${style.dim("next:")} ${style.bold(next)}`];
  });
}

function exitOf(remarks: readonly Remark[]): Exit {
  if (remarks.some(({ kind }) => kind === "bad")) return EXIT.broken;
  return remarks.some(({ kind }) => kind === "warning") ? EXIT.attention : EXIT.done;
}
