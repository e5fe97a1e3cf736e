import { invalidRequest, Refusal } from "../aws-json/refusal.ts";

const ARN_PREFIX = "arn:aws:ssm:us-east-1:123456789012:parameter";
/** Characters of a name, those of the ARN before it included. */
const MAX_LENGTH = 1_011;
/** Levels of a hierarchy, the parameter's own included. */
const MAX_LEVELS = 15;
const SYNTAX =
  "If formed as a path, it can consist of sub-paths divided by slash symbol; " +
  "each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_";

export function arnOf(name: string): string {
  return name.startsWith("/") ? `${ARN_PREFIX}${name}` : `${ARN_PREFIX}/${name}`;
}

/**
 * Throws what AWS answers to a name that no parameter can have, mostly `ValidationException`.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html
 */
export function refuseOddName(name: string): void {
  const levels = name.replace(/^\//, "").split("/");
  if (!/^[\w.\-/]+$/.test(name))
    throw invalidRequest(`Parameter name: can't be prefixed with "ssm" (case-insensitive). ${SYNTAX}`);
  if (levels.length > 1 && !name.startsWith("/"))
    throw invalidRequest("Parameter name must be a fully qualified name.");
  if (name.endsWith("/")) throw invalidRequest("Parameter name must not end with slash.");
  if (levels.includes("")) throw invalidRequest(`Parameter name: can't have an empty sub-path. ${SYNTAX}`);
  if (levels.length > 1 && /^aws/i.test(levels[0] ?? "")) {
    throw new Refusal("AccessDeniedException", `No access to reserved parameter name: ${name}.`);
  }
  if (/^(aws|ssm)/i.test(levels[0] ?? "")) {
    throw invalidRequest(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive). ${SYNTAX}`);
  }
  if (levels.length > MAX_LEVELS) {
    throw new Refusal(
      "HierarchyLevelLimitExceededException",
      `A hierarchy can have a maximum of ${MAX_LEVELS} levels, got ${levels.length}.`,
    );
  }
  if (arnOf(name).length > MAX_LENGTH) {
    throw invalidRequest(`Parameter name must have at most ${MAX_LENGTH} characters together with its ARN.`);
  }
}
