// What any function costs at the least.
export async function handler() {}
