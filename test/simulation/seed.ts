/** The seed that random histories begin with: of the environment where one is to be played again, else always the same. */
export function firstSeed(): number {
  const given = process.env["SIMULATION_SEED"];
  if (given === undefined) return 1;
  const seed = Number(given);
  if (Number.isSafeInteger(seed)) return seed;
  throw new Error(`SIMULATION_SEED must be a whole number, got ${given}`);
}
