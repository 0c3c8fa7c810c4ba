/** What an archive is, by the names of its arrays. */

const trials = ["x", "y", "mask"];
const gates = ["W_f", "W_i", "W_c", "W_o"];

/** Whether weights are those of an LSTM, which may hold those of other networks, too. */
export function hasGates(keys: readonly string[]): boolean {
  return gates.some((gate) => keys.includes(gate));
}

function weightsLike(keys: readonly string[]): string[] {
  return hasGates(keys) ? ["W_f", "W_out"] : ["W_in", "W_rec", "W_out"];
}

export function holdsTrials(keys: readonly string[]): boolean {
  return trials.every((key) => keys.includes(key));
}

export function holdsWeights(keys: readonly string[]): boolean {
  return weightsLike(keys).every((key) => keys.includes(key));
}

/** What keeps an archive from being trials or weights, in a sentence; empty where it is like neither. */
export function lackIn(keys: readonly string[]): string {
  for (const [what, wanted] of [
    ["weights of a network", weightsLike(keys)],
    ["trials", trials],
  ] as const) {
    const missing = wanted.filter((key) => !keys.includes(key));
    if (missing.length < wanted.length) return `As ${what} it lacks ${missing.join(" and ")}.`;
  }
  return "";
}
