import { DEFAULT_CONNECTION } from "./contract.ts";
import { InvalidEvent } from "./rotation/errors.ts";
import { describeType, isRecord } from "./rotation/json.ts";
import { Sensitive } from "./rotation/sensitive.ts";

/** What one invocation asks for. */
export type Asked =
  | { readonly kind: "tick"; readonly connection: string; readonly force: boolean }
  | {
      readonly kind: "authorize";
      readonly connection: string;
      readonly code: Sensitive;
      readonly replaceAccount: boolean;
    }
  | { readonly kind: "inspect"; readonly connection: string }
  | { readonly kind: "promote"; readonly connection: string; readonly versionId: string };

/**
 * Reads the input of one invocation. Unknown fields are refused, since a mistyped `force` that is silently ignored
 * would look like an answer.
 *
 * @throws InvalidEvent naming every problem at once, and no value
 */
export function readEvent(event: unknown): Asked {
  const problems: string[] = [];
  const fields = new Fields("the event", event, problems);
  const connection = fields.text("connection") ?? DEFAULT_CONNECTION;
  const force = fields.flag("force");
  const inspect = fields.flag("inspect");
  const authorize = fields.object("authorize");
  const promote = fields.object("promote");
  fields.end();
  const code = authorize?.mandatoryText("code") ?? "";
  const replaceAccount = authorize?.flag("replaceAccount") ?? false;
  const versionId = promote?.mandatoryText("versionId") ?? "";
  authorize?.end();
  promote?.end();
  // A token in its place must reach no request and no message.
  if (versionId !== "" && !/^[\w-]{1,64}$/.test(versionId)) {
    problems.push("versionId must be the id of a version: letters, digits and hyphens, 64 at most");
  }
  if (connection !== DEFAULT_CONNECTION) problems.push(`connection must be ${DEFAULT_CONNECTION}, the only one here`);
  if ([force, inspect, authorize, promote].filter(Boolean).length > 1) {
    problems.push("force, inspect, authorize and promote must be given one at a time");
  }
  if (problems.length > 0) throw new InvalidEvent(problems);
  if (authorize) return { kind: "authorize", connection, code: new Sensitive(code), replaceAccount };
  if (promote) return { kind: "promote", connection, versionId };
  return inspect ? { kind: "inspect", connection } : { kind: "tick", connection, force };
}

/** The fields of one object, each read once; what is left in the end is unknown. */
class Fields {
  readonly #name: string;
  readonly #left: Map<string, unknown>;
  readonly #problems: string[];

  constructor(name: string, value: unknown, problems: string[]) {
    this.#name = name;
    this.#problems = problems;
    this.#left = new Map(isRecord(value) ? Object.entries(value) : []);
    if (!isRecord(value)) problems.push(`${name} must be a JSON object, got ${describeType(value)}`);
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    this.#problems.push(`${name} must be a string, got ${describeType(value)}`);
    return undefined;
  }

  mandatoryText(name: string): string | undefined {
    if (!this.#left.has(name)) this.#problems.push(`${this.#name} must hold ${name}`);
    return this.text(name);
  }

  flag(name: string): boolean {
    const value = this.#take(name) ?? false;
    if (typeof value !== "boolean") this.#problems.push(`${name} must be a boolean, got ${describeType(value)}`);
    return value === true;
  }

  object(name: string): Fields | undefined {
    const value = this.#take(name);
    return value === undefined ? undefined : new Fields(name, value, this.#problems);
  }

  /** A field's name is foreign text like its value, and may be a misplaced secret. */
  end(): void {
    for (const name of this.#left.keys()) {
      const shown = /^[\w-]{1,40}$/.test(name) ? name : "a field with an unprintable name";
      this.#problems.push(`${shown} is unknown in ${this.#name}`);
    }
  }

  #take(name: string): unknown {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }
}
