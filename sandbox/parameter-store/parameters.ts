import { invalidRequest, Refusal } from "../aws-json/refusal.ts";
import { refuseOddName } from "./parameter-name.ts";

export const PARAMETER_TYPES = ["String", "StringList", "SecureString"] as const;
export const TIERS = ["Standard", "Advanced", "Intelligent-Tiering"] as const;

/** Bytes of a value. AWS says characters; for ASCII, which is what we store, it is the same. */
const MAX_BYTES = { Standard: 4_096, Advanced: 8_192 } as const;

export interface Parameter {
  readonly name: string;
  readonly type: (typeof PARAMETER_TYPES)[number];
  /** In plain text, whatever the type. */
  readonly value: string;
  readonly tier: keyof typeof MAX_BYTES;
  /** 1 when created, and one more for each overwriting. */
  readonly version: number;
  readonly modifiedAtMs: number;
}

/** A write as it is asked for. */
export interface ParameterWrite {
  readonly name: string;
  readonly value: string;
  /** Optional for an overwriting alone. */
  readonly type?: Parameter["type"] | undefined;
  /** @default the tier that the parameter has; Standard for a new one */
  readonly tier?: (typeof TIERS)[number] | undefined;
  readonly overwrite?: boolean | undefined;
  readonly keyId?: string | undefined;
}

/** All parameters of one account and Region. It does no I/O and is told the time, in milliseconds since the epoch. */
export class Parameters {
  readonly #byName = new Map<string, Parameter>();

  /** By name, as AWS lists them. */
  get all(): readonly Parameter[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Creates a parameter, or overwrites it where that is asked for.
   * Throws `ParameterAlreadyExists` for a taken name, `HierarchyTypeMismatchException` for another type,
   * `ValidationException` for a value that does not fit its tier and for whatever else is odd.
   * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
   */
  put({ overwrite = false, tier, ...write }: ParameterWrite, nowMs: number): Parameter {
    const { name, value, keyId } = write;
    refuseOddName(name);
    const known = this.#byName.get(name);
    const type = write.type ?? known?.type;
    if (type === undefined) throw invalidRequest("A parameter type is required when you create a parameter.");
    if (keyId !== undefined && type !== "SecureString") {
      throw invalidRequest("KeyId is required for SecureString type parameter only.");
    }
    if (/\{\{.*\}\}/s.test(value)) {
      throw invalidRequest(`Parameter value can't nest another parameter. Do not use "{{}}" in the value.`);
    }
    if (known !== undefined && !overwrite) {
      throw new Refusal(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    if (known !== undefined && known.type !== type) {
      throw new Refusal(
        "HierarchyTypeMismatchException",
        `The parameter is of type ${known.type} and can't be changed to ${type}. Create a new, unique parameter.`,
      );
    }
    const version = (known?.version ?? 0) + 1;
    const fitted = fittingTier(tier, known?.tier, Buffer.byteLength(value));
    const put: Parameter = { name, type, value, tier: fitted, version, modifiedAtMs: nowMs };
    this.#byName.set(name, put);
    return put;
  }

  /** Throws `ParameterNotFound`, and `ValidationException` for a version, a label or an ARN, which AWS would take. */
  find(name: string): Parameter {
    if (!/^[\w.\-/]+$/.test(name)) throw invalidRequest("the stand-in finds parameters by their plain names alone");
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    throw new Refusal("ParameterNotFound");
  }

  /** Throws as `find` does. */
  remove(name: string): void {
    this.#byName.delete(this.find(name).name);
  }
}

function fittingTier(asked: ParameterWrite["tier"], had: Parameter["tier"] | undefined, bytes: number) {
  const tier = asked === "Intelligent-Tiering" ? (bytes > MAX_BYTES.Standard ? "Advanced" : had) : (asked ?? had);
  const fitted = tier ?? "Standard";
  if (fitted === "Standard" && had === "Advanced") {
    throw invalidRequest(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter " +
        "tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as " +
        "a standard parameter.",
    );
  }
  if (bytes <= MAX_BYTES[fitted]) return fitted;
  throw invalidRequest(
    fitted === "Standard"
      ? `Standard tier parameters support a maximum parameter value of ${MAX_BYTES.Standard} characters. ` +
          "To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier."
      : "The specified parameter value is too large. " +
          `Advanced-tier parameters support a maximum parameter value of ${MAX_BYTES.Advanced} characters.`,
  );
}
