import type { Trials } from "nullcline";

/** One trial of a batch, as a batch of one. */
export function selectTrial(trials: Trials, index: number): Trials {
  const cut = (values: Float32Array, channels: number) =>
    values.slice(index * trials.N_steps * channels, (index + 1) * trials.N_steps * channels);
  return {
    count: 1,
    N_steps: trials.N_steps,
    N_in: trials.N_in,
    N_out: trials.N_out,
    x: cut(trials.x, trials.N_in),
    y: cut(trials.y, trials.N_out),
    mask: cut(trials.mask, trials.N_out),
    params: trials.params.slice(index, index + 1),
    epochs: trials.epochs.slice(index, index + 1),
  };
}
