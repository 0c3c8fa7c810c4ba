// What is measured: an iteration of training, with the trials made anew as in every run.
const task = { type: "PerceptualDiscrimination", dt: 10, tau: 100, T: 2000, N_batch: 128 };
const N_in = 2;
const N_out = 2;

export const sizes = [50, 100, 256];
export const arithmetics = ["plain", "fused"];

/** The measures of an iteration around which others are varied. */
export const middle = { network: "Basic", N_rec: 100, N_batch: task.N_batch, N_steps: task.T / task.dt };

const networks = { Basic: { type: "Basic", transfer_function: "relu" }, LSTM: { type: "LSTM" } };

/** Nothing is recorded in between: a recorded iteration runs the batch forward once more. */
export function experiment(N_rec, arithmetic, { network, N_batch, N_steps } = middle) {
  return {
    nullcline: 1,
    arithmetic,
    task: { ...task, T: N_steps * task.dt, N_batch },
    network: { ...networks[network], N_rec },
    training: { iterations: 1e8, loss_epoch: 1e8 },
  };
}

/**
 * Floating-point operations of an iteration, as far as they are matrix products: two for each multiply-add of the
 * forward pass (N² + N·N_in + N_out·N), of the backward pass (N² + N·N_out) and of the weight gradients
 * (N² + N·N_in + N_out·N), for each trial and time step; the four gates of an LSTM have recurrent and input products of
 * their own. Trials, noise, transfer functions, loss and optimiser take
 * time and count nothing.
 */
export function operations(N_rec, { network, N_batch, N_steps } = middle) {
  const gates = network === "LSTM" ? 4 : 1;
  const forward = N_rec * (gates * (N_rec + N_in) + N_out);
  const backward = N_rec * (gates * N_rec + N_out);
  const gradients = N_rec * (gates * (N_rec + N_in) + N_out);
  return 2 * (forward + backward + gradients) * N_batch * N_steps;
}

/** A batch is trained on in slices of 16 trials, so that more threads than slices would have nothing to do. */
export function mostThreads(cores) {
  return Math.min(cores, task.N_batch / 16);
}
