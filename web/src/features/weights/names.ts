import type { Weights } from "nullcline";

/** Through which units drive one another: W_rec, or the gates of an LSTM. */
const isRecurrent = (name: string) => /^W_(rec|[fico])$/.test(name);

/** The matrices worth a heat map: those with more than one row and column, recurrent weights first. */
export function matrixNames(weights: Weights): string[] {
  const names = Object.entries(weights)
    .filter(([, matrix]) => matrix.rows > 1 && matrix.columns > 1)
    .map(([name]) => name);
  return [...names.filter(isRecurrent), ...names.filter((name) => !isRecurrent(name))];
}

/** All variables: the matrices, and then biases and initial states. */
export function variableNames(weights: Weights): string[] {
  const matrices = matrixNames(weights);
  return [...matrices, ...Object.keys(weights).filter((name) => !matrices.includes(name))];
}
