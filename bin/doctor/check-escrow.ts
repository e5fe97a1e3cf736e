import { createSsmEscrow } from "../../lambda/adapters/ssm-escrow.ts";
import { StoreUnavailable } from "../../lambda/rotation/errors.ts";
import { CREDENTIALS_REMEDY, isAboutCredentials } from "../command-line/aws-failure.ts";
import { nextCommand } from "../command-line/next-command.ts";
import { lookAround } from "../status/sight.ts";
import { bad, type Check, type Examination, good, type Remark, warning } from "./checks.ts";

/** No version has this id, so that its parameter cannot exist. */
const NOBODYS_ID = "0".repeat(64);

/** The escrow may be read, and holds nothing. */
export function escrowCheck({ target, surroundings }: Examination): Check {
  return {
    title: "escrow",
    async examine() {
      const { escrow } = target.config;
      if (escrow === undefined) {
        const next = "add --escrow-prefix with ESCROW_PARAMETER_PREFIX of the function's environment";
        return warning("nobody said where the escrow is", next);
      }
      try {
        await createSsmEscrow(escrow, surroundings.clock, () => undefined).find(NOBODYS_ID);
      } catch (error) {
        if (error instanceof StoreUnavailable) return unreachable(escrow.prefix, error.code);
        throw error;
      }
      return lookForCopies();
    },
  };

  async function lookForCopies(): Promise<Remark> {
    const readable = `${target.config.escrow?.prefix} can be read`;
    // What keeps it from looking at the secrets is told by the check of the secrets.
    const escrow = await lookAround(target, surroundings).then(
      (sight) => sight.escrow,
      () => undefined,
    );
    if (escrow?.kind !== "asked") return good(readable);
    if (escrow.copies.size === 0) {
      return good(`${readable}, and ${escrow.isWhole ? "is empty" : "holds no pair of a version in sight"}`);
    }
    const ids = [...escrow.copies.keys()].join(", ");
    return warning(`the escrow holds a pair of version ${ids}`, nextCommand(target, "status"));
  }
}

function unreachable(prefix: string, code: string): Remark {
  const sentence = `GetParameter below ${prefix} failed with ${code}`;
  if (isAboutCredentials(code)) return bad(sentence, CREDENTIALS_REMEDY);
  if (code.startsWith("AccessDenied")) {
    return bad(
      sentence,
      `allow ssm:GetParameter on parameter${prefix}*, and kms:Decrypt where the escrow has a key of its own`,
    );
  }
  return bad(sentence, "check the network and the region");
}
