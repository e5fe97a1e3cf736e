import type { Answer } from "../faults.ts";
import type { WholeRequest } from "../listen.ts";
import type { Input } from "./fields.ts";
import { Refusal } from "./refusal.ts";

/** One operation: takes a decoded request, returns the body to encode. Throws `Refusal`. */
export type Operation<World> = (input: Input, world: World) => object;

/** What tells one AWS service from another on the wire. `World` is what its operations act on. */
export interface Service<World> {
  readonly operations: Readonly<Record<string, Operation<World>>>;
  /** Never throws. */
  decode(request: WholeRequest): Decoded;
  granted(body: object): Answer;
  refused(refusal: Refusal): Answer;
}

/** A request as far as it could be decoded. */
export type Decoded =
  | { readonly kind: "understood"; readonly operation: string; readonly input: Input }
  | { readonly kind: "garbled"; readonly operation: string; readonly refusal: Refusal };

/** Lets one request take effect, and encodes what came of it. */
export function answerRequest<World>(service: Service<World>, decoded: Decoded, world: World): Answer {
  if (decoded.kind === "garbled") return service.refused(decoded.refusal);
  try {
    return service.granted(service.operations[decoded.operation]?.(decoded.input, world) ?? {});
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return service.refused(error);
  }
}

/** The object in a JSON text; `undefined` if the text is not a JSON object. */
export function parseObject(text: string): Input | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Input) : undefined;
  } catch {
    return undefined;
  }
}
