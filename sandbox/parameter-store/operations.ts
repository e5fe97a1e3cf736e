import { createHash } from "node:crypto";
import { Fields } from "../aws-json/fields.ts";
import { page } from "../aws-json/page.ts";
import { invalidRequest } from "../aws-json/refusal.ts";
import type { Service } from "../aws-json/service.ts";
import { arnOf } from "./parameter-name.ts";
import { PARAMETER_TYPES, type Parameter, type Parameters, TIERS } from "./parameters.ts";

/** What an operation acts on. */
export interface World {
  readonly parameters: Parameters;
  /** When the request takes effect, in milliseconds since the epoch. */
  readonly nowMs: number;
}

const PAGING = { largest: 10, oddSize: "ValidationException", oddToken: "InvalidNextToken" } as const;

/** Parameter Store as far as a rotator and a person who looks on need it. */
export const OPERATIONS: Service<World>["operations"] = {
  PutParameter(input, { parameters, nowMs }) {
    const known = ["Name", "Value", "Type", "Tier", "Overwrite", "Description", "KeyId"] as const;
    // `Description` is taken and nowhere shown.
    const fields = new Fields("PutParameter", input, known);
    const { version, tier } = parameters.put(
      {
        name: fields.text("Name"),
        value: fields.text("Value"),
        type: fields.optionalOneOf("Type", PARAMETER_TYPES),
        tier: fields.optionalOneOf("Tier", TIERS),
        overwrite: fields.optionalFlag("Overwrite"),
        keyId: fields.optionalText("KeyId"),
      },
      nowMs,
    );
    return { Version: version, Tier: tier };
  },

  GetParameter(input, { parameters }) {
    const fields = new Fields("GetParameter", input, ["Name", "WithDecryption"]);
    const isDecrypted = fields.optionalFlag("WithDecryption") === true;
    return { Parameter: shown(parameters.find(fields.text("Name")), isDecrypted) };
  },

  DeleteParameter(input, { parameters }) {
    parameters.remove(new Fields("DeleteParameter", input, ["Name"]).text("Name"));
    return {};
  },

  GetParametersByPath(input, { parameters }) {
    const known = ["Path", "Recursive", "WithDecryption", "MaxResults", "NextToken"] as const;
    const fields = new Fields("GetParametersByPath", input, known);
    const path = fields.text("Path");
    if (!/^\/[\w.\-/]*$/.test(path)) {
      throw invalidRequest(
        "Parameter path: It should always begin with / symbol. It consists of sub-paths divided by slash symbol; " +
          "each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_",
      );
    }
    const prefix = path.endsWith("/") ? path : `${path}/`;
    const isRecursive = fields.optionalFlag("Recursive") === true;
    const isDecrypted = fields.optionalFlag("WithDecryption") === true;
    const within = parameters.all
      .filter(({ name }) => name.startsWith(prefix))
      .filter(({ name }) => isRecursive || !name.slice(prefix.length).includes("/"));
    const { entries, next } = page(within, ({ name }) => name, fields, PAGING);
    return { Parameters: entries.map((entry) => shown(entry, isDecrypted)), NextToken: next };
  },
};

/** A SecureString that is not decrypted shows a text that depends on its value and does not hold it. */
function shown(parameter: Parameter, isDecrypted: boolean): object {
  const { name, type, version, value, modifiedAtMs } = parameter;
  const isPlain = isDecrypted || type !== "SecureString";
  const encrypted = createHash("sha512").update(`${name} ${version} ${value}`).digest("base64");
  return {
    Name: name,
    Type: type,
    Value: isPlain ? value : encrypted,
    Version: version,
    LastModifiedDate: modifiedAtMs / 1_000,
    ARN: arnOf(name),
    DataType: "text",
  };
}
