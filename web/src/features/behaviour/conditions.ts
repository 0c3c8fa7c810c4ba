import { rightOutput, wordsOf } from "../../plots/parameters";
import { varyingParams } from "../../plots/trial";
import { binned, type Bin } from "../../statistics/bins";
import { shareOf, type Share } from "../../statistics/share";
import { capitalised } from "../../words";
import type { Outcome } from "./outcomes";

/** Something that tells trials apart. */
export interface Condition {
  name: string;
  /** "Coherence" */
  title: string;
  /** "ms"; empty where it has none. */
  unit: string;
  value: (outcome: Outcome) => number;
}

/** Trials of about the same condition, and how many of them were answered correctly. */
export interface ConditionBin {
  bin: Bin;
  share: Share;
}

/** What is looked at first, where there is one of these. */
const telling = ["coherence", "angle", "duration of the delay"];

export function firstCondition(conditions: Condition[]): Condition | undefined {
  return conditions.find(({ name }) => telling.includes(name)) ?? conditions[0];
}

/** Durations that follow from the times of a trial's parts. */
const durations: [name: string, title: string, from: string, to: string][] = [
  ["duration of stimulus 1", "Duration of stimulus 1", "stimulus_1", "delay"],
  ["duration of the delay", "Duration of the delay", "delay", "stimulus_2"],
  ["duration of stimulus 2", "Duration of stimulus 2", "stimulus_2", "decision"],
  ["duration of the decision", "Duration of the decision", "decision", "end"],
];

/** What trials can be told apart by: their parameters that vary, and the output that is right. */
export function conditionsOf(outcomes: Outcome[]): Condition[] {
  const params = outcomes.map((outcome) => outcome.params);
  const varying = varyingParams(params);
  const conditions: Condition[] = varying.map((name) => {
    const { title, unit, shown } = wordsOf(name);
    return {
      name,
      title: capitalised(title),
      unit,
      value: (outcome) => shown(outcome.params[name] ?? NaN),
    };
  });
  for (const [name, title, from, to] of durations)
    if (varying.includes(from) && varying.includes(to))
      conditions.push({
        name,
        title,
        unit: "ms",
        value: ({ params }) => (params[to] ?? NaN) - (params[from] ?? NaN),
      });
  if (!varying.some((name) => rightOutput.includes(name)))
    conditions.push({
      name: "right output",
      title: "Right output",
      unit: "",
      value: ({ right }) => (right ?? NaN) + 1,
    });
  return conditions;
}

/** Accuracy by a condition. The bins are those of all trials that ask for a choice, so that several networks share them. */
export function accuracyBy(condition: Condition, outcomes: Outcome[]): ConditionBin[] {
  const asked = outcomes.filter(({ correct }) => correct >= 0);
  return binned(asked.map(condition.value)).map((bin) => ({
    bin,
    share: accuracyOf(bin.members.flatMap((index) => asked[index] ?? [])),
  }));
}

export function accuracyOf(outcomes: Outcome[]): Share {
  const asked = outcomes.filter(({ correct }) => correct >= 0);
  return shareOf(asked.filter(({ correct }) => correct === 1).length, asked.length);
}

/** How many trials had which right output (row) and which chosen one (column). */
export function confusionOf(outcomes: Outcome[], N_out: number): number[][] {
  const counts = Array.from({ length: N_out }, () => Array<number>(N_out).fill(0));
  for (const { right, chosen } of outcomes) {
    const row = right === null ? undefined : counts[right];
    if (row && chosen !== null) row[chosen] = (row[chosen] ?? 0) + 1;
  }
  return counts;
}
