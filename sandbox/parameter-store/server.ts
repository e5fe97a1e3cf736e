import { awsJsonService } from "../aws-json/aws-json-service.ts";
import { type Endpoint, type EndpointOptions, startEndpoint } from "../aws-json/endpoint.ts";
import { OPERATIONS, type World } from "./operations.ts";
import { Parameters } from "./parameters.ts";

export type ParameterStoreOptions = EndpointOptions;

/** The endpoint, and what a person does or sees without HTTP or faults. A refused act throws `Refusal`. */
export interface ParameterStoreStandIn extends Endpoint {
  /** Every parameter's value by its name, in plain text. Holds secrets: never print it. */
  parameters(): Readonly<Record<string, string>>;
  /** Writes a SecureString, whether or not the name is taken. */
  put(name: string, value: string): void;
  /** Deletes a parameter. */
  remove(name: string): void;
}

/** Unlike Secrets Manager, it spells the text of every refusal `message`. */
const SERVICE = awsJsonService<World>({
  targetPrefix: "AmazonSSM.",
  operations: OPERATIONS,
  messageField: () => "message",
});

/**
 * Starts a strict stand-in for Parameter Store on 127.0.0.1, over plain HTTP. It refuses what AWS refuses, since a
 * pair that only a loose store takes would be lost on AWS.
 */
export async function startParameterStore(options: ParameterStoreOptions = {}): Promise<ParameterStoreStandIn> {
  const { now = Date.now } = options;
  const parameters = new Parameters();
  // Assigned and not spread: a spread would freeze the endpoint's count of connections.
  return Object.assign(await startEndpoint(SERVICE, () => ({ parameters, nowMs: now() }), options), {
    parameters: () => Object.fromEntries(parameters.all.map(({ name, value }) => [name, value])),
    put(name: string, value: string) {
      parameters.put({ name, value, type: "SecureString", tier: "Intelligent-Tiering", overwrite: true }, now());
    },
    remove: (name: string) => parameters.remove(name),
  });
}
