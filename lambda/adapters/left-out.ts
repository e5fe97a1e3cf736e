/**
 * Takes the place, in the bundle, of what the SDK imports for uses that the function has none of: `@smithy/core/event-streams` for
 * operations that stream events, `bowser` for naming the browser it runs in. Both come in dynamically and would never be loaded.
 */
export {};
