import { capitalised } from "../words";
import { milliseconds, significant, withUnit } from "./numbers";

/** How a parameter of a task's trials is called and counted, the same in every view. */
export interface ParameterWords {
  /** "stimulus duration" */
  title: string;
  /** "ms"; empty where it has none. */
  unit: string;
  /** How much of it is a full turn, where it is an angle. */
  turn: number | null;
  /** Its value as it is shown: degrees where the task has radians, outputs counted from 1. */
  shown: (value: number) => number;
  /** In a sentence on one trial: "stimulus duration 610 ms". */
  told: (value: number) => string;
}

const known: { [name: string]: [title: string, unit: string] } = {
  coherence: ["coherence", ""],
  stim_noise: ["input noise", ""],
  onset_time: ["stimulus onset", "ms"],
  stim_duration: ["stimulus duration", "ms"],
  stimulus_1: ["onset of stimulus 1", "ms"],
  delay: ["onset of the delay", "ms"],
  stimulus_2: ["onset of stimulus 2", "ms"],
  decision: ["onset of the decision", "ms"],
  end: ["end of the decision", "ms"],
  f1: ["first frequency", "Hz"],
  f2: ["second frequency", "Hz"],
  angle: ["angle", "°"],
  input_dur: ["stimulus duration", "ms"],
  output_dur: ["response duration", "ms"],
};

/** Called in a sentence by their symbols. */
const inPapers = ["f1", "f2"];

/** Parameters that say which output is right, from 0; elsewhere outputs count from 1. */
export const rightOutput = ["direction", "choice", "category"];

export function wordsOf(name: string): ParameterWords {
  if (rightOutput.includes(name))
    return {
      title: "right output",
      unit: "",
      turn: null,
      shown: (value) => value + 1,
      told: (value) => `output ${value + 1} is right`,
    };
  if (name === "index")
    return {
      title: "trial of the file",
      unit: "",
      turn: null,
      shown: (value) => value + 1,
      told: (value) => `trial ${value + 1} of the file`,
    };
  const spoken = inPapers.includes(name) ? name : null;
  const [title, unit] = known[name] ?? [name.replaceAll("_", " "), ""];
  const turn = unit === "°" ? 360 : null;
  const shown = (value: number) => (turn === null ? value : (value * turn) / (2 * Math.PI));
  return { title, unit, turn, shown, told: (value) => `${spoken ?? title} ${valueText(shown(value), unit)}` };
}

/** "1,340 ms", "92.5°", "0.125" */
export function valueText(value: number, unit: string): string {
  if (unit === "ms") return milliseconds(Math.round(value));
  return withUnit(significant(value), unit);
}

/** "Stimulus duration (ms)", for an axis. */
export function axisTitle({ title, unit }: Pick<ParameterWords, "title" | "unit">): string {
  return `${capitalised(title)}${unit ? ` (${unit})` : ""}`;
}
