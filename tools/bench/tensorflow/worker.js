// The same iteration in TensorFlow.js, as its users write it: a loop over time under its automatic differentiation, and
// its Adam. Bundled by tools/bench/tensorflow.mjs; answers the questions of tools/bench/site/main.js. What speaks for
// TensorFlow.js is given to it: the batch is made and cut into steps in advance and stays the same, and nothing is
// clipped. (One product for all steps' inputs and outputs would be slower: to cut a tensor into steps takes its
// WebAssembly backend seconds.)
/* global self */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

const ready = (async () => {
  setWasmPaths(new URL("./", self.location.href).href);
  // The build with threads would take the place of the one with SIMD alone, only to run on one.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("TensorFlow.js found no SIMD.");
})();

/** One tensor a step, trial × channel, of numbers that stand as trial × step × channel. */
function cutIntoSteps(data, { count, N_steps }, channels) {
  return Array.from({ length: N_steps }, (_, step) => {
    const values = new Float32Array(count * channels);
    for (let trial = 0; trial < count; ++trial) {
      const from = (trial * N_steps + step) * channels;
      values.set(data.subarray(from, from + channels), trial * channels);
    }
    return tf.tensor2d(values, [count, channels]);
  });
}

/** Matrices from × to, so that the products of the forward pass are the library's fast ones. */
function variable({ rows, columns, data }) {
  return tf.tidy(() => tf.variable(tf.transpose(tf.tensor2d(data, [rows, columns]))));
}

/** The basic network: what `loss` computes is differentiated with respect to `variables`. */
function network({ trials, weights, alpha }) {
  const { count, N_steps, N_in, N_out } = trials;
  const N_rec = weights.W_rec.rows;
  const x = cutIntoSteps(trials.x, trials, N_in);
  const y = cutIntoSteps(trials.y, trials, N_out);
  const mask = cutIntoSteps(trials.mask, trials, N_out);
  const variables = Object.fromEntries(
    Object.entries(weights).map(([name, matrix]) => [name, variable(matrix)]),
  );
  const { W_in, W_rec, W_out, b_rec, b_out, init_state } = variables;
  const loss = () => {
    const [bias, outputBias] = [tf.reshape(b_rec, [1, N_rec]), tf.reshape(b_out, [1, N_out])];
    let state = tf.broadcastTo(tf.reshape(init_state, [1, N_rec]), [count, N_rec]);
    let rate = tf.relu(state);
    const losses = x.map((input, step) => {
      const drive = tf.add(tf.add(tf.matMul(rate, W_rec), tf.matMul(input, W_in)), bias);
      state = tf.add(tf.mul(state, 1 - alpha), tf.mul(drive, alpha));
      rate = tf.relu(state);
      const output = tf.add(tf.matMul(rate, W_out), outputBias);
      return tf.sum(tf.square(tf.mul(mask[step], tf.sub(output, y[step]))));
    });
    return tf.div(tf.addN(losses), count * N_steps * N_out);
  };
  return { variables, loss };
}

const networks = new Map();

const answers = {
  /** Makes a network with its batch, known by a name from now on. */
  make({ name, setting, learning_rate }) {
    networks.set(name, { ...network(setting), optimizer: tf.train.adam(learning_rate, 0.9, 0.999, 1e-8) });
    return null;
  },

  /** Loss, and its gradient with respect to each weight; matrices to × from. */
  gradient({ name }) {
    const { loss, variables } = networks.get(name);
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, Object.values(variables));
      const gradients = Object.entries(variables).map(([weight, { name: known }]) => [
        weight,
        tf.transpose(grads[known]).dataSync(),
      ]);
      return { loss: value.dataSync()[0], gradients: Object.fromEntries(gradients) };
    });
  },

  /** Updates for about that long, at least one. */
  train({ name, milliseconds }) {
    const { loss, variables, optimizer } = networks.get(name);
    const start = performance.now();
    let iterations = 0;
    do {
      const cost = optimizer.minimize(loss, true, Object.values(variables));
      if (!Number.isFinite(cost.dataSync()[0])) throw new Error("TensorFlow.js diverged.");
      cost.dispose();
      ++iterations;
    } while (performance.now() - start < milliseconds);
    return { iterations, milliseconds: performance.now() - start };
  },
};

self.onmessage = ({ data: { ask, ...question } }) => {
  ready
    .then(() => answers[ask](question))
    .then(
      (answer) => self.postMessage({ answer }),
      (error) => self.postMessage({ problem: String(error?.message ?? error) }),
    );
};
