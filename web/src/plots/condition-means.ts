import type { Epoch } from "nullcline";
import { silentWords } from "./activity";
import { blend, directionShade, lineShade } from "./colour";
import {
  axis,
  baseLayout,
  epochNames,
  epochShapes,
  roomForNames,
  textIn,
  valueAxis,
  windowName,
  windowShapes,
} from "./layout";
import { widthOf } from "./names";
import { plural, significant } from "./numbers";
import { finiteExtent, type Cell, type PlotContext, type PlotSpec, type Trace } from "./plot";
import { held } from "./ranges";
import { narrow } from "./series";
import { every, mostPoints } from "./shrink";
import { channelColour } from "./theme";
import { steps, timeMarks } from "./trial";
import { rateExtent } from "./tuning";

/** Mean rate of a unit over the trials of a condition. */
export interface ConditionLine {
  mean: Float32Array;
  /** Standard deviation over trials. */
  deviation: Float32Array;
}

export interface Condition {
  label: string;
  /** Mean of the parameter that tells the conditions apart. */
  value: number;
  /** How many trials. */
  count: number;
}

export interface ConditionMeansData {
  /** What tells the conditions apart: "signed coherence". */
  parameter: string;
  /** Values are signed, or numbers of a choice: their colours are then those of the channels. */
  signed: boolean;
  choice: boolean;
  /** How much of it is a full turn, where it is an angle: colours then go around a circle. */
  turn: number | null;
  conditions: Condition[];
  units: {
    unit: number;
    lines: ConditionLine[];
    /** The means without the lesion, where `lines` are those with one. */
    intact?: Float32Array[] | null;
  }[];
  /** How many units are chosen; the plot may show fewer. */
  chosen: number;
  band: "error" | "deviation";
  epochs: Epoch[];
  dt: number;
  window?: [number, number] | null;
  /** Whether the network ran with a lesion. */
  lesioned: boolean;
  /** Units that it silences; their rates are those that the network receives, 0. */
  silent?: number[];
  /** What a trial is: "fresh trial". */
  trial: string;
  /** How the trials were made alike in time; empty where they need not be. */
  timing: string;
}

/** Units that fit below each other. */
export const shownUnits = 3;

/** On a narrow page the key stands under the plot, in lines of two. */
function marginOf({ conditions, units, window = null }: ConditionMeansData, { width }: PlotContext) {
  const t = roomForNames(window);
  if (width >= narrow) {
    const widest = Math.max(...conditions.map(({ label, count }) => widthOf(`━ ${label} (${count})`)));
    return { l: 52, r: Math.max(152, 24 + widest), t, b: 40 };
  }
  const lines = 1 + Math.ceil(conditions.length / 2) + Number(isCompared(units));
  return { l: 52, r: 16, t, b: 46 + keyLine * lines };
}

/** Whether the means without the lesion stand behind those with it. */
function isCompared(units: ConditionMeansData["units"]): boolean {
  return units.some(({ intact }) => intact);
}

/** Height of a line of the key. */
const keyLine = 16;

/** Mean rates of a few units by condition, a panel each, with a band for the spread over trials. */
export function conditionMeans(data: ConditionMeansData, context: PlotContext): PlotSpec {
  const { conditions, units, epochs, dt, band, window = null } = data;
  const margin = marginOf(data, context);
  const N_steps = units[0]?.lines[0]?.mean.length ?? 0;
  const time = steps(N_steps, dt);
  const kept = every(N_steps, mostPoints(context.width - margin.l - margin.r) / 2);
  const at = kept.map((step) => time[step] ?? NaN);
  const traces: Trace[] = [];
  const layoutAxes: { [name: string]: object } = {};
  const scales: NonNullable<PlotSpec["scales"]> = {};
  const gap = 0.06;
  const height = (1 - gap * (units.length - 1)) / Math.max(1, units.length);

  units.forEach(({ unit, lines, intact }, panel) => {
    const suffix = panel === 0 ? "" : String(panel + 1);
    const yaxis = `y${suffix}`;
    const spread = lines.map((line, index) => spreadOf(line, conditions[index]?.count ?? 1, band));
    const [low, high] = finiteExtent([
      ...lines.flatMap(({ mean }, index) =>
        kept.flatMap((step) => {
          const [rate, half] = [mean[step] ?? NaN, spread[index]?.[step] ?? 0];
          return [rate - half, rate + half];
        }),
      ),
      ...(intact ?? []).flatMap((mean) => kept.map((step) => mean[step] ?? NaN)),
    ]) ?? [0, 1];
    const name = `unit ${unit}`;
    // Rates that never fall below zero stand on it.
    const range = held(context.scales?.[name], rateExtent(low, high));
    scales[name] = range;
    const top = 1 - panel * (height + gap);
    layoutAxes[`yaxis${suffix}`] = valueAxis(
      context,
      units.length === 1 ? `Rate of unit ${unit}` : `Unit ${unit}`,
      range,
      {
        domain: [Math.max(0, top - height), top],
        nticks: 4,
        ...(panel > 0 ? { anchor: "x" } : {}),
      },
    );
    lines.forEach(({ mean }, index) => {
      const colour = conditionColour(data, index, context);
      const half = spread[index] ?? new Float32Array(N_steps);
      const edge = (sign: number) => kept.map((step) => (mean[step] ?? NaN) + sign * (half[step] ?? 0));
      traces.push({
        type: "scatter",
        mode: "lines",
        x: [...at, ...at.toReversed()],
        y: [...edge(1), ...edge(-1).toReversed()],
        yaxis,
        fill: "toself",
        fillcolor: colour,
        opacity: 0.18,
        line: { width: 0 },
        hoverinfo: "skip",
      });
    });
    const line = (mean: Float32Array, index: number, look: Partial<Trace["line"]>, words = ""): Trace => ({
      type: "scatter",
      mode: "lines",
      x: at,
      y: kept.map((step) => mean[step] ?? NaN),
      yaxis,
      line: { ...look, color: conditionColour(data, index, context) },
      hovertemplate: `unit ${unit}, ${conditions[index]?.label ?? ""} at %{x} ms${words}: mean rate %{y:.3g}<extra></extra>`,
    });
    // Behind those with the lesion, and thinner.
    intact?.forEach((mean, index) =>
      traces.push(line(mean, index, { width: 1, dash: "dash" }, " without the lesion")),
    );
    lines.forEach(({ mean }, index) => traces.push(line(mean, index, { width: 1.75 })));
  });

  const total = conditions.reduce((sum, { count }) => sum + count, 0);
  return {
    traces,
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, "Time (ms)", {
        range: [0, N_steps * dt],
        nticks: context.width < narrow ? 4 : 6,
        anchor: units.length > 1 ? (`y${units.length}` as "y2") : "y",
      }),
      ...layoutAxes,
      shapes: [...epochShapes(context, epochs), ...windowShapes(context, window)],
      annotations: [
        ...epochNames(context, epochs, margin.l + margin.r),
        ...windowName(context, window),
        ...key(data, context),
      ],
    },
    scales,
    point: (x) => ({ units: [], time: x }),
    marks: timeMarks,
    summary:
      `Mean rate of ${units.map(({ unit }) => `unit ${unit}`).join(", ")} by ${data.parameter} on ${plural(total, data.trial)}${data.lesioned ? ", with the lesion" : ""}${isCompared(units) ? " (dashed: on the same trials without it)" : ""}; ` +
      `bands: ${band === "error" ? "±1 standard error of the mean" : "±1 standard deviation over trials"}.` +
      (data.chosen > units.length ? ` The first ${units.length} of ${data.chosen} units chosen.` : "") +
      silentWords(
        units.flatMap(({ unit }) => (data.silent?.includes(unit) ? [unit] : [])),
        window,
      ),
    help: `The key says how many trials each condition has.${data.turn === null ? "" : " Colours go around a circle as the angle does: the last and the first are neighbours."} ${data.timing}`,
    table: () => conditionTable(data, time, every(N_steps, 100), (value) => significant(value)),
    data: () => conditionTable(data, time, [...time.keys()], (value) => value),
  };
}

function spreadOf(
  { deviation }: ConditionLine,
  count: number,
  band: ConditionMeansData["band"],
): Float32Array {
  return band === "error" ? deviation.map((one) => one / Math.sqrt(count)) : deviation;
}

/**
 * Choices have the colours of their channels, signed values those of the choice on their side of zero, nearer to ink where
 * they are strong (paler than the channel's own, a weak one could not be seen); directions go around a circle, other values
 * run along the scale of rates.
 */
export function conditionColour(
  { signed, choice, turn, conditions }: Pick<ConditionMeansData, "signed" | "choice" | "turn" | "conditions">,
  index: number,
  { theme }: PlotContext,
): string {
  const value = conditions[index]?.value ?? 0;
  if (signed) {
    const side = conditions.filter((one) => one.value < 0 === value < 0).map((one) => Math.abs(one.value));
    const weaker = side.filter((size) => size < Math.abs(value)).length;
    const strength = side.length > 1 ? weaker / (side.length - 1) : 0;
    return blend(channelColour(theme, value < 0 ? 0 : 1), theme.ink, 1 - 0.5 * strength);
  }
  if (turn !== null) return directionShade(theme.dark, value / turn);
  const number = Math.round(value - Math.min(...conditions.map((one) => one.value)));
  if (choice && conditions.length <= theme.channels.length) return channelColour(theme, number);
  return lineShade(theme.dark, index, conditions.length);
}

/** The conditions with their colours and counts, beside the plot. */
function key(data: ConditionMeansData, context: PlotContext) {
  const entries = data.conditions.map(
    ({ label, count }, index) =>
      `<span style="color:${conditionColour(data, index, context)}">━</span> ${label} <span style="color:${context.theme.inkSoft}">(${count})</span>`,
  );
  const below = context.width < narrow;
  const pairs = entries.flatMap((_, index) =>
    index % 2 === 0 ? [entries.slice(index, index + 2).join("\u2003")] : [],
  );
  return [
    {
      text: [
        data.turn === null ? data.parameter : `${data.parameter}, a circle`,
        ...(below ? pairs : entries),
        ...(isCompared(data.units) ? ["╌ without the lesion"] : []),
      ].join("<br>"),
      xref: "paper" as const,
      x: below ? 0 : 1,
      xanchor: "left" as const,
      xshift: below ? 0 : 8,
      yref: "paper" as const,
      y: below ? 0 : 1,
      yshift: below ? -42 : 0,
      yanchor: "top" as const,
      align: "left" as const,
      ...textIn(context.theme.ink),
    },
  ];
}

function conditionTable(
  { units, conditions, parameter, band }: ConditionMeansData,
  time: number[],
  kept: number[],
  write: (value: number) => Cell,
) {
  const lines = units.flatMap(({ unit, lines: own, intact }) =>
    own.map((line, index) => ({
      title: `unit ${unit}, ${conditions[index]?.label ?? ""}`,
      mean: line.mean,
      spread: spreadOf(line, conditions[index]?.count ?? 1, band),
      intact: intact?.[index],
    })),
  );
  return {
    caption: `Mean rates by ${parameter}`,
    columns: [
      "time (ms)",
      ...lines.flatMap(({ title, intact }) => [
        `${title}: mean`,
        `${title}: ${band === "error" ? "standard error" : "standard deviation"}`,
        ...(intact ? [`${title}: mean without the lesion`] : []),
      ]),
    ],
    rows: kept.map((step): Cell[] => [
      time[step] ?? NaN,
      ...lines.flatMap(({ mean, spread, intact }) => [
        write(mean[step] ?? NaN),
        write(spread[step] ?? NaN),
        ...(intact ? [write(intact[step] ?? NaN)] : []),
      ]),
    ]),
  };
}
