/**
 * Takes the place of `@smithy/core/config` in the bundle. Lambda has every setting in the environment; the SDK would also read profiles
 * from files and ask the instance metadata service, which a function does not need.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */

type Environment = Readonly<Record<string, string | undefined>>;

interface Setting<T> {
  readonly environmentVariableSelector: (environment: Environment, options?: object) => T | undefined;
  readonly default?: T | (() => T | Promise<T>) | undefined;
}

/** Reads the environment once, when the setting is first asked for. */
export function loadConfig<T>({ environmentVariableSelector, default: otherwise }: Setting<T>, options?: object) {
  let value: Promise<T | undefined> | undefined;
  const read = async () =>
    environmentVariableSelector(process.env, options) ?? (isFunction(otherwise) ? await otherwise() : otherwise);
  return () => {
    value ??= read();
    return value;
  };
}

function isFunction<T>(value: T | (() => T | Promise<T>) | undefined): value is () => T | Promise<T> {
  return typeof value === "function";
}

/** @throws Error for anything but `true` and `false` */
export function booleanSelector(environment: Environment, name: string): boolean | undefined {
  const value = environment[name];
  if (value === undefined) return undefined;
  if (value !== "true" && value !== "false") throw new Error(`${name} must be true or false`);
  return value === "true";
}

export const SelectorType = { ENV: "env", CONFIG: "shared config entry" } as const;

export const CONFIG_PREFIX_SEPARATOR = ".";
export const REGION_ENV_NAME = "AWS_REGION";
export const REGION_INI_NAME = "region";
export const NODE_REGION_CONFIG_OPTIONS = {
  environmentVariableSelector: (environment: Environment) => environment[REGION_ENV_NAME],
  default() {
    throw new Error("AWS_REGION must be set, Lambda does so");
  },
};
export const NODE_REGION_CONFIG_FILE_OPTIONS = {};
export const NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS = flag("AWS_USE_DUALSTACK_ENDPOINT");
export const NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS = flag("AWS_USE_FIPS_ENDPOINT");

function flag(name: string) {
  return {
    environmentVariableSelector: (environment: Environment) => booleanSelector(environment, name),
    default: false,
  };
}

/** The SDK's own default. It is about timeouts and retries, and both are ours. */
export function resolveDefaultsModeConfig() {
  return async () => "legacy";
}

export class ProviderError extends Error {
  override readonly name = "ProviderError";
}

/** Leaves a client's configuration as it is: what Lambda sets is a region. */
export function resolveRegionConfig<T>(config: T): T {
  return config;
}
