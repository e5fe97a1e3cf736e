import { Fields, type Input, invalid, wrongType } from "../aws-json/fields.ts";
import { Refusal } from "../aws-json/refusal.ts";
import { LIMIT } from "./limits.ts";
import type { Tag } from "./secrets.ts";
import { refuseOddLength, type SecretValue } from "./version.ts";

/** Reads what only requests to Secrets Manager hold. */
export class SecretFields<Name extends string> extends Fields<Name> {
  /** A list of staging labels. */
  optionalLabels(field: Name): readonly string[] | undefined {
    const value: unknown = this.input[field] ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw wrongType(field, "a list");
    if (value.length < 1 || value.length > LIMIT.labels) throw invalid(field, `must have 1 to ${LIMIT.labels} entries`);
    return value.map((label: unknown) => {
      if (typeof label !== "string") throw wrongType(field, "a list of strings");
      if (label.length < 1 || label.length > LIMIT.labelLength) {
        throw invalid(field, `must hold labels of 1 to ${LIMIT.labelLength} characters`);
      }
      return label;
    });
  }

  /** A list of tags with different keys. */
  optionalTags(field: Name): readonly Tag[] {
    const value: unknown = this.input[field] ?? [];
    if (!Array.isArray(value)) throw wrongType(field, "a list");
    if (value.length > LIMIT.tags) throw invalid(field, `must have at most ${LIMIT.tags} entries`);
    const tags = value.map((tag: unknown) => {
      if (typeof tag !== "object" || tag === null) throw wrongType(field, "a list of objects");
      const fields = new Fields("Tag", tag as Input, ["Key", "Value"]);
      const key = fields.text("Key", LIMIT.tagKeyLength);
      if (key.startsWith("aws:")) throw invalid(field, "must not have keys that begin with aws:");
      return { key, value: fields.optionalText("Value", LIMIT.tagValueLength) ?? "" };
    });
    if (new Set(tags.map(({ key }) => key)).size === tags.length) return tags;
    throw new Refusal("InvalidParameterException", "You can't use the same tag key more than once.");
  }

  /** The beginning of a name, from the only filter that the stand-in knows. AWS knows more filters, and several at once. */
  optionalNameFilter(field: Name): string | undefined {
    const value: unknown = this.input[field] ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw wrongType(field, "a list");
    const [filter, ...otherFilters] = value as readonly (Input | null)[];
    const values = filter?.["Values"];
    const [prefix, ...otherPrefixes] = Array.isArray(values) ? (values as readonly unknown[]) : [];
    const isOne = filter?.["Key"] === "name" && otherFilters.length + otherPrefixes.length === 0;
    if (isOne && typeof prefix === "string" && /^[\w :@/+=.-]{1,512}$/.test(prefix)) return prefix;
    throw invalid(field, "must be one filter by name with one value in this stand-in");
  }

  optionalVersionId(field: Name): string | undefined {
    const value = this.optionalText(field);
    if (value !== undefined) refuseOddLength(field, value);
    return value;
  }

  /** The ClientRequestToken. SDKs fill it in by themselves; on the wire it is required. */
  requestToken(field: Name): string {
    const token = this.optionalText(field);
    if (token !== undefined) return token;
    throw new Refusal(
      "InvalidRequestException",
      "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
    );
  }

  optionalValue(textField: Name, binaryField: Name): SecretValue | undefined {
    const text = this.optionalText(textField);
    const base64 = this.optionalText(binaryField);
    if (text !== undefined && base64 !== undefined) {
      throw new Refusal("InvalidParameterException", `You can't specify both ${textField} and ${binaryField}.`);
    }
    if (text !== undefined) return { kind: "text", text };
    return base64 === undefined ? undefined : { kind: "binary", base64 };
  }
}
