import type { Epoch, Trials } from "nullcline";
import { roundBounds, withUnit } from "../../plots/numbers";
import { binned } from "../../statistics/bins";
import { axisTitle, rightOutput, valueText, wordsOf } from "../../plots/parameters";

/** What the network did on many trials that were made alike in time, so that their rates can be averaged step by step. */
export interface MeasuredActivity {
  count: number;
  N_steps: number;
  N_rec: number;
  /** Time step in ms. */
  dt: number;
  /** count × N_steps × N_rec */
  rates: Float32Array;
  params: { [name: string]: number }[];
  /** The output that each trial asks for; -1 where it asks for none. */
  asked: Int32Array;
  /** Epochs of all the trials; empty where they are not the same in all. */
  epochs: Epoch[];
  /** Names of the parameters that were held, so that the trials run alike in time. */
  held: string[];
  /** Whether they are a file's trials, each once, and not fresh ones. */
  given: boolean;
}

/** A parameter of the task along which trials are told apart, with its value on each trial. */
export interface Parameter {
  name: string;
  /** "first frequency" */
  title: string;
  /** For axes, with its unit: "First frequency (Hz)". */
  label: string;
  /** "Hz"; empty where it has none. */
  unit: string;
  /** How much of it is a full turn, where it is an angle. */
  turn: number | null;
  values: Float64Array;
  /** Values are signed: trials below and above zero ask for different choices. */
  signed: boolean;
  /** Values are numbers of choices. */
  choice: boolean;
}

/** Trials that are alike in a parameter. */
export interface Group {
  /** Its value or values: "26 Hz", "0.1 to 0.4". */
  label: string;
  /** Mean of the parameter. */
  value: number;
  trials: number[];
}

export interface Mean {
  mean: Float32Array;
  /** Standard deviation over trials; 0 for a single one. */
  deviation: Float32Array;
  count: number;
}

const tolerance = 1e-6;

/**
 * Names of the parameters that say when things happen in a trial: those that are a border or a length of its epochs in
 * nearly all trials. A few may be cut off by the trial's end.
 */
export function timingNames({ params, epochs }: Pick<Trials, "params" | "epochs">): string[] {
  const names = Object.keys(params[0] ?? {});
  return names.filter((name) => {
    const matching = params.filter((one, trial) => {
      const value = one[name] ?? NaN;
      const times = (epochs[trial] ?? []).flatMap(({ from, to }) => [from, to, to - from]);
      return times.some((time) => Math.abs(time - value) < tolerance);
    });
    return params.length > 0 && matching.length >= 0.9 * params.length;
  });
}

/** The epochs that all trials share; empty where they differ. */
export function commonEpochs(epochs: Epoch[][]): Epoch[] {
  const [first = []] = epochs;
  const same = (other: Epoch[]) =>
    other.length === first.length &&
    other.every(
      ({ name, from, to }, index) =>
        name === first[index]?.name &&
        Math.abs(from - first[index].from) < tolerance &&
        Math.abs(to - first[index].to) < tolerance,
    );
  return epochs.every(same) ? first : [];
}

/** The output whose target is the highest where the loss counts; -1 where no output stands out. */
export function askedChoices({ count, N_steps, N_out, y, mask }: Trials): Int32Array {
  const asked = new Int32Array(count).fill(-1);
  if (N_out < 2) return asked;
  for (let trial = 0; trial < count; trial++) {
    const sums = new Float64Array(N_out);
    for (let index = 0; index < N_steps * N_out; index++) {
      const at = trial * N_steps * N_out + index;
      sums[index % N_out] = (sums[index % N_out] ?? 0) + (y[at] ?? 0) * (mask[at] ?? 0);
    }
    const highest = Math.max(...sums);
    const found = sums.indexOf(highest);
    if (sums.filter((sum) => sum > highest - tolerance).length === 1) asked[trial] = found;
  }
  return asked;
}

/** The parameters along which the trials can be told apart, the most telling one first. */
export function parametersOf(data: Pick<MeasuredActivity, "params" | "asked" | "held">): Parameter[] {
  const { params, asked, held } = data;
  const of = (name: string) => Float64Array.from(params, (one) => one[name] ?? NaN);
  const varies = (values: Float64Array) => values.some((value) => !Object.is(value, values[0]));
  const found: Parameter[] = [];
  const coherence = of("coherence");
  const direction = of("direction");
  if (coherence.some((value) => value > 0) && varies(direction)) {
    found.push({
      name: "signed coherence",
      title: "signed coherence",
      label: "Signed coherence (below zero: output 1 is right)",
      unit: "",
      turn: null,
      values: coherence.map((value, trial) => (direction[trial] === 0 ? -value : value)),
      signed: true,
      choice: false,
    });
  }
  for (const name of Object.keys(params[0] ?? {})) {
    // The number of a trial in its file says nothing of the trial.
    if (held.includes(name) || name === "index") continue;
    const words = wordsOf(name);
    const values = of(name).map(words.shown);
    if (!varies(values)) continue;
    const { title, unit, turn } = words;
    const choice = rightOutput.includes(name);
    found.push({ name, title, label: axisTitle(words), unit, turn, values, signed: false, choice });
  }
  const choices = Float64Array.from(asked);
  if (varies(choices) && !found.some(({ choice }) => choice))
    found.push({
      name: "right output",
      title: "right output",
      label: "Right output",
      unit: "",
      turn: null,
      values: choices.map((output) => (output < 0 ? NaN : output + 1)),
      signed: false,
      choice: true,
    });
  return found;
}

/**
 * Trials in groups by a parameter: one for each value where there are at most `mostValues` of them, else `most` of about
 * equal size, with zero as a border where the parameter is signed. Trials of one value are always in one group.
 */
export function groupsOf({ unit, values, signed }: Parameter, most: number, mostValues = most): Group[] {
  const all = Array.from(values);
  const few = binned(all, mostValues);
  const single = few.every(({ from, to }) => from === to);
  const sides = signed ? [(value: number) => value < 0, (value: number) => value >= 0] : [() => true];
  // Of the values of the other side, none counts.
  const bins = single
    ? few
    : sides.flatMap((on) =>
        binned(
          all.map((value) => (on(value) ? value : NaN)),
          Math.floor(most / sides.length),
        ),
      );
  const bounds = roundBounds(bins);
  return bins.map(({ from, to, mean, members }, at) => ({
    label: from === to ? valueText(from, unit) : withUnit((bounds[at] ?? []).join(" to "), unit),
    value: from === to ? from : mean,
    trials: members,
  }));
}

/** Mean rate of one unit at every step over some of the trials, with its spread. */
export function unitMean({ rates, N_steps, N_rec }: MeasuredActivity, unit: number, trials: number[]): Mean {
  const mean = new Float32Array(N_steps);
  const deviation = new Float32Array(N_steps);
  for (let step = 0; step < N_steps; step++) {
    const at = trials.map((trial) => rates[(trial * N_steps + step) * N_rec + unit] ?? NaN);
    const { mean: average, deviation: spread } = momentsOf(at);
    mean[step] = average;
    deviation[step] = spread;
  }
  return { mean, deviation, count: trials.length };
}

/** Mean and standard deviation (of a sample) of some numbers. */
export function momentsOf(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** Rates of all units averaged over some of the trials, N_steps × N_rec. */
export function meanRates({ rates, N_steps, N_rec }: MeasuredActivity, trials: number[]): Float32Array {
  const size = N_steps * N_rec;
  const sums = new Float32Array(size);
  for (const trial of trials) {
    const from = trial * size;
    for (let index = 0; index < size; index++) sums[index] = (sums[index] ?? 0) + (rates[from + index] ?? 0);
  }
  return sums.map((sum) => sum / trials.length);
}

/** The stretch of a trial that a measure is taken in. */
export interface Stretch {
  name: string;
  from: number;
  to: number;
}

/** What a rate can be averaged over: the trial's epochs and the whole of it. */
export function stretchesOf(epochs: Epoch[], duration: number): Stretch[] {
  return [...epochs.filter(({ from, to }) => to > from), { name: "whole trial", from: 0, to: duration }];
}

/** The stretch of that name; else that of the stimulus, else the whole trial, which comes last. */
export function stretchNamed(stretches: Stretch[], name: string): Stretch | null {
  return (
    stretches.find((one) => one.name === name) ??
    stretches.find((one) => one.name.startsWith("stimulus")) ??
    stretches.at(-1) ??
    null
  );
}

/** The steps within a stretch, at least one. */
export function stepsIn({ from, to }: Stretch, dt: number, N_steps: number): [number, number] {
  const first = Math.min(N_steps - 1, Math.max(0, Math.ceil(from / dt - tolerance)));
  return [first, Math.min(N_steps, Math.max(first + 1, Math.ceil(to / dt - tolerance)))];
}

/** Mean rate of one unit within a stretch, on every trial. */
export function stretchRates(data: MeasuredActivity, unit: number, stretch: Stretch): Float64Array {
  const { rates, N_steps, N_rec, dt, count } = data;
  const [first, end] = stepsIn(stretch, dt, N_steps);
  return Float64Array.from({ length: count }, (_, trial) => {
    let sum = 0;
    for (let step = first; step < end; step++) sum += rates[(trial * N_steps + step) * N_rec + unit] ?? 0;
    return sum / (end - first);
  });
}

/** The outputs that trials ask for, in order. */
export function choicesOf({ asked }: Pick<MeasuredActivity, "asked">): number[] {
  return [...new Set(asked)].filter((choice) => choice >= 0).sort((a, b) => a - b);
}

/**
 * How much more each unit responds where the second output is asked for than where the first is: the difference of its mean
 * rates within a stretch. With more than two outputs, the difference between the highest and the lowest of the means. Null
 * where trials do not ask for two choices.
 */
export function selectivity(data: MeasuredActivity, stretch: Stretch): Float32Array | null {
  const { rates, N_steps, N_rec, dt, asked } = data;
  const choices = choicesOf(data);
  if (choices.length < 2) return null;
  const [first, end] = stepsIn(stretch, dt, N_steps);
  const means = choices.map((choice) => {
    const sums = new Float64Array(N_rec);
    let trials = 0;
    asked.forEach((one, trial) => {
      if (one !== choice) return;
      trials++;
      for (let step = first; step < end; step++) {
        const from = (trial * N_steps + step) * N_rec;
        for (let unit = 0; unit < N_rec; unit++) sums[unit] = (sums[unit] ?? 0) + (rates[from + unit] ?? 0);
      }
    });
    return sums.map((sum) => sum / (trials * (end - first)));
  });
  return Float32Array.from({ length: N_rec }, (_, unit) => {
    const rated = means.map((mean) => mean[unit] ?? 0);
    return rated.length === 2 ? (rated[1] ?? 0) - (rated[0] ?? 0) : Math.max(...rated) - Math.min(...rated);
  });
}

export interface TuningPoint {
  group: Group;
  mean: number;
  /** Standard error of the mean. */
  error: number;
}

/** Mean rate of a unit within a stretch for each group of trials. */
export function tuning(rates: Float64Array, groups: Group[]): TuningPoint[] {
  return groups.map((group) => {
    const { mean, deviation } = momentsOf(group.trials.map((trial) => rates[trial] ?? NaN));
    return { group, mean, error: deviation / Math.sqrt(group.trials.length) };
  });
}
