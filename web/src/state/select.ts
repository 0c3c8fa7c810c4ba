import type { Trials } from "nullcline";

/** The numbers of a batch's trials, those first whose inputs differ most from one another: they say most at a glance. */
export function clearestFirst({ count, N_steps, N_in, x }: Trials): number[] {
  const contrasts = Array.from({ length: count }, (_, trial) => {
    const sums = new Float64Array(N_in);
    const inputs = x.subarray(trial * N_steps * N_in, (trial + 1) * N_steps * N_in);
    for (const [i, value] of inputs.entries()) sums[i % N_in] = (sums[i % N_in] ?? 0) + value;
    return Math.max(...sums) - Math.min(...sums);
  });
  return contrasts
    .map((contrast, trial) => ({ contrast, trial }))
    .sort((a, b) => b.contrast - a.contrast)
    .map(({ trial }) => trial);
}

/** "fresh trial", or that it is one of a file's, which come again and again. */
export function trialName(given: boolean): string {
  return given ? "given trial" : "fresh trial";
}

/** The trials of a file among those drawn, each once: they come in their order, over and over. */
export function eachOnce(trials: Trials): Trials {
  return selectTrials(trials, 0, new Set(trials.params.map(({ index }) => index)).size);
}

/** One trial of a batch, as a batch of one. */
export function selectTrial(trials: Trials, index: number): Trials {
  return selectTrials(trials, index, index + 1);
}

/** The trials from one number up to, but not including, another. */
export function selectTrials(trials: Trials, first: number, end: number): Trials {
  const cut = (values: Float32Array, channels: number) =>
    values.slice(first * trials.N_steps * channels, end * trials.N_steps * channels);
  return {
    count: end - first,
    N_steps: trials.N_steps,
    N_in: trials.N_in,
    N_out: trials.N_out,
    x: cut(trials.x, trials.N_in),
    y: cut(trials.y, trials.N_out),
    mask: cut(trials.mask, trials.N_out),
    params: trials.params.slice(first, end),
    epochs: trials.epochs.slice(first, end),
  };
}
