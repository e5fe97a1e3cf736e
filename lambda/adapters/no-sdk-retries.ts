/**
 * Takes the place of `@smithy/core/retry` in the bundle. Every request is sent again by `resend`, which knows what is at stake and
 * until when; a second layer below it would hide attempts, and is 10 KB of every start.
 */

const UNUSED = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};

export const NODE_MAX_ATTEMPT_CONFIG_OPTIONS = UNUSED;
export const NODE_RETRY_MODE_CONFIG_OPTIONS = UNUSED;
export const DEFAULT_RETRY_MODE = "standard";
export const RETRY_MODES = {};

/** Leaves a client's configuration as it is. */
export function resolveRetryConfig<T>(config: T): T {
  return config;
}

/** One `send` is one request. The middleware itself does nothing, and stands where the SDK's signing wants one of this name. */
export function getRetryPlugin() {
  return {
    applyToStack(stack: { add(middleware: <T>(next: T) => T, options: object): void }) {
      stack.add((next) => next, { name: "retryMiddleware", step: "finalizeRequest", priority: "high" });
    },
  };
}
