import { CONNECTION_NAME_EXPECTED, DEFAULT_CONNECTION, isConnectionName } from "./contract.ts";
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
  | { readonly kind: "promote"; readonly connection: string; readonly versionId: string }
  | { readonly kind: "names"; readonly after: string }
  | { readonly kind: "states"; readonly connections: readonly string[] }
  | { readonly kind: "census" };

/** What is asked of one connection. */
export type AskedOfOne = Extract<Asked, { readonly connection: string }>;

/** What is asked of all connections. */
export type AskedOfAll = Exclude<Asked, AskedOfOne>;

/** The most connections in one event. The function reads 200 well within the time of a run. */
const STATES_AT_ONCE = 200;

/**
 * Reads the input of one invocation. Unknown fields are refused, since a mistyped `force` that is silently ignored
 * would look like an answer.
 *
 * @throws InvalidEvent naming every problem at once, and no value
 */
export function readEvent(event: unknown): Asked {
  const problems: string[] = [];
  const fields = new Fields("the event", event, problems);
  const named = fields.text("connection");
  const connection = named ?? DEFAULT_CONNECTION;
  const force = fields.flag("force");
  const inspect = fields.flag("inspect");
  const census = fields.flag("census");
  const authorize = fields.object("authorize");
  const promote = fields.object("promote");
  const connections = fields.names("connections");
  fields.end();
  const code = authorize?.mandatoryText("code") ?? "";
  const replaceAccount = authorize?.flag("replaceAccount") ?? false;
  const versionId = promote?.mandatoryText("versionId") ?? "";
  authorize?.end();
  promote?.end();
  const after = connections instanceof Fields ? connections.text("after") : undefined;
  if (connections instanceof Fields) connections.end();
  for (const name of [named, after, ...(connections instanceof Fields ? [] : (connections ?? []))]) {
    // A text that is not a valid name may be a misplaced secret, so the message does not repeat it.
    if (name !== undefined && !isConnectionName(name)) {
      problems.push(`a connection's name must be ${CONNECTION_NAME_EXPECTED}`);
    }
  }
  // A token in its place must reach no request and no message.
  if (versionId !== "" && !/^[\w-]{1,64}$/.test(versionId)) {
    problems.push("versionId must be the id of a version: letters, digits and hyphens, 64 at most");
  }
  if ([force, inspect, census, authorize, promote, connections].filter(Boolean).length > 1) {
    problems.push("force, inspect, authorize, promote, connections and census must be given one at a time");
  }
  if (named !== undefined && (census || connections !== undefined)) {
    problems.push("connection must be left out with census and connections, which are about all connections");
  }
  if (problems.length > 0) throw new InvalidEvent([...new Set(problems)]);
  if (connections instanceof Fields) return { kind: "names", after: after ?? "" };
  if (connections) return { kind: "states", connections };
  if (census) return { kind: "census" };
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

  /** An object, or an array of names. */
  names(name: string): Fields | readonly string[] | undefined {
    const value = this.#take(name);
    if (!Array.isArray(value)) return value === undefined ? undefined : new Fields(name, value, this.#problems);
    const names = value.filter((item) => typeof item === "string");
    if (names.length < value.length || value.length === 0 || value.length > STATES_AT_ONCE) {
      this.#problems.push(`${name} must hold from 1 to ${STATES_AT_ONCE} names, got ${value.length} items`);
    }
    return names;
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
