import { createHash } from "node:crypto";
import type { Service } from "../aws-json/service.ts";
import { invalid, oneOf, present, readFields } from "./fields.ts";
import { arnOf } from "./parameter-name.ts";
import { PARAMETER_TYPES, type Parameter, type Parameters, TIERS } from "./parameters.ts";
import { invalidRequest, Refusal } from "./refusal.ts";

/** What an operation acts on. */
export interface World {
  readonly parameters: Parameters;
  /** When the request takes effect, in milliseconds since the epoch. */
  readonly nowMs: number;
}

const PAGE = { MaxResults: "number", NextToken: "string" } as const;

/** Parameter Store as far as a rotator and a person who looks on need it. */
export const OPERATIONS: Service<World>["operations"] = {
  PutParameter(input, { parameters, nowMs }) {
    const texts = { Name: "string", Value: "string", Type: "string", Tier: "string" } as const;
    const rest = { Overwrite: "boolean", Description: "string", KeyId: "string" } as const;
    const fields = readFields(input, { ...texts, ...rest });
    const { version, tier } = parameters.put(
      {
        name: present("Name", fields.Name),
        value: present("Value", fields.Value),
        type: oneOf("Type", fields.Type, PARAMETER_TYPES),
        tier: oneOf("Tier", fields.Tier, TIERS),
        overwrite: fields.Overwrite,
        description: fields.Description,
        keyId: fields.KeyId,
      },
      nowMs,
    );
    return { Version: version, Tier: tier };
  },

  GetParameter(input, { parameters }) {
    const fields = readFields(input, { Name: "string", WithDecryption: "boolean" });
    return { Parameter: shown(parameters.find(present("Name", fields.Name)), fields.WithDecryption === true) };
  },

  DeleteParameter(input, { parameters }) {
    const { Name } = readFields(input, { Name: "string" });
    parameters.remove(present("Name", Name));
    return {};
  },

  GetParametersByPath(input, { parameters }) {
    const shape = { Path: "string", Recursive: "boolean", WithDecryption: "boolean", ...PAGE } as const;
    const fields = readFields(input, shape);
    const path = present("Path", fields.Path);
    if (!/^\/[\w.\-/]*$/.test(path)) {
      throw invalidRequest(
        "Parameter path: It should always begin with / symbol. It consists of sub-paths divided by slash symbol; " +
          "each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_",
      );
    }
    const prefix = path.endsWith("/") ? path : `${path}/`;
    const within = parameters.all
      .filter(({ name }) => name.startsWith(prefix))
      .filter(({ name }) => fields.Recursive === true || !name.slice(prefix.length).includes("/"));
    const { entries, next } = page(within, 10, fields);
    return { Parameters: entries.map((entry) => shown(entry, fields.WithDecryption === true)), NextToken: next };
  },

  DescribeParameters(input, { parameters }) {
    const { entries, next } = page(parameters.all, 50, readFields(input, PAGE));
    return { Parameters: entries.map(described), NextToken: next };
  },
};

/** A SecureString that is not decrypted shows a text that depends on its value and does not hold it. */
function shown(parameter: Parameter, isDecrypted: boolean): object {
  const { type, version, value } = parameter;
  const isPlain = isDecrypted || type !== "SecureString";
  const encrypted = createHash("sha512").update(`${parameter.name} ${version} ${value}`).digest("base64");
  return { ...common(parameter), Value: isPlain ? value : encrypted };
}

function described(parameter: Parameter): object {
  const { type, keyId, description, tier } = parameter;
  const key = type === "SecureString" ? (keyId ?? "alias/aws/ssm") : undefined;
  return { ...common(parameter), KeyId: key, Description: description, Tier: tier, Policies: [] };
}

function common({ name, type, version, modifiedAtMs }: Parameter): object {
  const modified = modifiedAtMs / 1_000;
  return { Name: name, Type: type, Version: version, LastModifiedDate: modified, ARN: arnOf(name), DataType: "text" };
}

/** The token is the number of entries that earlier pages held. */
function page(
  listed: readonly Parameter[],
  largest: number,
  { MaxResults = largest, NextToken = "0" }: { readonly MaxResults?: number; readonly NextToken?: string },
): { readonly entries: readonly Parameter[]; readonly next: string | undefined } {
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > largest) {
    throw invalid("MaxResults", `failed to satisfy constraint: Member must be from 1 to ${largest}`);
  }
  const start = Number(NextToken);
  if (!/^\d+$/.test(NextToken) || (start > 0 && start >= listed.length)) {
    throw new Refusal("InvalidNextToken", "The specified token isn't valid.");
  }
  const end = start + MaxResults;
  return { entries: listed.slice(start, end), next: end < listed.length ? String(end) : undefined };
}
