/** @throws Error that names the prop and its fault */
export function checked<T>(name: string, value: T, faultOf: (value: T) => string | undefined): T {
  const fault = faultOf(value);
  if (fault === undefined) return value;
  throw new Error(`${name}: ${fault}`);
}
