import type { Annotations } from "plotly.js";
import type { Run, Trials } from "nullcline";
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
import { channelShade, directionShade } from "./colour";
import { maskOutline, targetLine } from "./masked";
import { widthOf } from "./names";
import { milliseconds, plural, significant } from "./numbers";
import { wordsOf } from "./parameters";
import type { Mark, Pointed } from "./pointing";
import { finiteExtent, spread, type Cell, type PlotContext, type PlotSpec, type Trace } from "./plot";
import { held, withRoom } from "./ranges";
import { mostPoints, outline } from "./shrink";
import { noChoice } from "../words";
import { channelColour, type PlotTheme } from "./theme";

export interface TrialData {
  /** One trial. */
  trial: Trials;
  run: Run | null;
  /** The network's run with a lesion, where there is one, and when it lasts if not throughout the trial. */
  lesioned?: Run | null;
  window?: [number, number] | null;
  /** The loss of both runs; NaN or nothing where it is not known. */
  losses?: { run: number; lesioned: number | null } | undefined;
  /** Position among the chosen trials, from 0, and how many there are. */
  index: number;
  of: number;
  /** Names of the parameters that tell the chosen trials apart. */
  varying: string[];
  /** Time step in ms. */
  dt: number;
  /** Whether inputs and outputs stand for directions around a circle. */
  circular?: Circular;
}

/** Which channels go around a circle, so that the last is the neighbour of the first. */
export interface Circular {
  input: boolean;
  output: boolean;
}

const noCircle: Circular = { input: false, output: false };

/** Names of the parameters that are not the same in all trials. */
export function varyingParams(params: { [name: string]: number }[]): string[] {
  return Object.keys(params[0] ?? {}).filter((name) => params.some((one) => one[name] !== params[0]?.[name]));
}

/** One channel of one trial out of a trial × step × channel array. */
function channelOf(values: Float32Array, N_steps: number, channels: number, channel: number): number[] {
  return Array.from({ length: N_steps }, (_, step) => values[step * channels + channel] ?? NaN);
}

export function steps(N_steps: number, dt: number): number[] {
  return Array.from({ length: N_steps }, (_, step) => step * dt);
}

const margin = { l: 52, r: 72, b: 40 };

/** The shortest pieces that can be seen of a target, which is dashed, and of the mask, in pixels. */
const shortestTarget = 9;
const shortestMask = 3;

/** As a share of what the targets span. */
const overshoot = 0.15;

/**
 * Colours of the inputs or the outputs: fixed ones, or where there are more than there are of those along a scale, or around
 * a circle as the channels do.
 */
function channelColours(count: number, theme: PlotTheme, circular: boolean): string[] {
  const { dark, channels } = theme;
  return Array.from({ length: count }, (_, channel) =>
    count <= channels.length
      ? channelColour(theme, channel)
      : circular
        ? directionShade(dark, channel / count)
        : channelShade(dark, channel, count),
  );
}

/** From the bottom, as shares of the plot's height. */
interface Panels {
  strip: [number, number];
  output: [number, number];
  /** None in a low plot. */
  input: [number, number] | null;
}

/** A plot that is lower than this, in pixels, has one panel: below it, two would have no room for their ticks and names. */
export const leastOfTwoPanels = 216;

/** `inner`: the height between the margins. */
function panelsIn({ height }: PlotContext, inner: number): Panels {
  const pixel = 1 / Math.max(64, inner);
  // Between the panels there is room for a line of text.
  if (height >= leastOfTwoPanels)
    return { strip: [0, 0.03], output: [0.075, 0.64 - Math.max(0.08, 14 * pixel)], input: [0.64, 1] };
  return { strip: [0, 4 * pixel], output: [16 * pixel, 1], input: null };
}

/** So many labels of times have room side by side. */
function timeTicks({ width }: PlotContext): number {
  return Math.min(6, Math.max(2, Math.floor((width - margin.l - margin.r) / 50)));
}

/** What the kinds of lines are: between the panels, or beside the axis' title where it has room there. */
function legend(
  { theme, width }: PlotContext,
  { output, input }: Panels,
  text: string,
): Partial<Annotations>[] {
  const before = margin.l - 4;
  const end = (width - margin.l - margin.r) / 2 - widthOf("Time (ms)") / 2;
  if (!input && widthOf(text) + 12 > before + end) return [];
  const place: Partial<Annotations> = input
    ? { xshift: 4, y: output[1], yanchor: "bottom", yshift: -6 }
    : { xshift: -before, y: 0, yanchor: "top", yshift: -22 };
  return [{ ...textIn(theme.inkSoft), text, xref: "paper", x: 0, xanchor: "left", yref: "paper", ...place }];
}

/**
 * Inputs above, targets (dashed) and outputs (solid) below, the loss mask as a strip over the time axis. A low plot leaves
 * the inputs to the table.
 */
export function trialPlot(data: TrialData, context: PlotContext): PlotSpec {
  const { trial, run, dt, lesioned = null, window = null, circular = noCircle } = data;
  const { theme } = context;
  const { N_steps, N_in, N_out } = trial;
  const time = steps(N_steps, dt);
  const inputColours = channelColours(N_in, theme, circular.input);
  const outputColours = channelColours(N_out, theme, circular.output);

  const inputs = Array.from({ length: N_in }, (_, channel) => channelOf(trial.x, N_steps, N_in, channel));
  const targets = Array.from({ length: N_out }, (_, channel) => channelOf(trial.y, N_steps, N_out, channel));
  const masks = Array.from({ length: N_out }, (_, channel) => channelOf(trial.mask, N_steps, N_out, channel));
  const outputsOf = (one: Run | null) =>
    one ? Array.from({ length: N_out }, (_, channel) => channelOf(one.outputs, N_steps, N_out, channel)) : [];
  // With a lesion its outputs are those that count; those of the whole network stand faintly behind them.
  const outputs = outputsOf(lesioned ?? run);
  const whole = lesioned ? outputsOf(run) : [];

  const most = mostPoints(context.width - margin.l - margin.r);
  const end = N_steps * dt;
  const perPixel = end / Math.max(1, context.width - margin.l - margin.r);
  const t = roomForNames(window);
  const inner = context.height - t - margin.b;
  const panels = panelsIn(context, inner);
  const heightOf = ([from, to]: [number, number]) => (to - from) * Math.max(1, inner);
  const traces: Trace[] = [];
  (panels.input ? inputs : []).forEach((y, channel) =>
    traces.push({
      type: "scatter",
      mode: "lines",
      ...outline(time, y, most),
      yaxis: "y2",
      line: { color: inputColours[channel] ?? theme.ink, width: 1 },
      hovertemplate: `input ${channel + 1} at %{x} ms: %{y:.3f}<extra></extra>`,
    }),
  );
  // Where the loss does not count, there is nothing to aim at.
  targets.forEach((y, channel) =>
    traces.push({
      type: "scatter",
      mode: "lines",
      ...targetLine(y, masks[channel] ?? [], { dt, end, least: shortestTarget * perPixel }, most),
      line: { color: outputColours[channel] ?? theme.ink, width: 2, dash: "dash" },
      hovertemplate: `target ${channel + 1} at %{customdata} ms: %{y:.3f}<extra></extra>`,
    }),
  );
  whole.forEach((y, channel) =>
    traces.push({
      type: "scatter",
      mode: "lines",
      ...outline(time, y, most),
      line: { color: outputColours[channel] ?? theme.ink, width: 1.25 },
      opacity: 0.5,
      hovertemplate: `output ${channel + 1} without the lesion at %{x} ms: %{y:.3f}<extra></extra>`,
    }),
  );
  outputs.forEach((y, channel) =>
    traces.push({
      type: "scatter",
      mode: "lines",
      ...outline(time, y, most),
      line: { color: outputColours[channel] ?? theme.ink, width: 2 },
      hovertemplate: `output ${channel + 1}${lesioned ? " with the lesion" : ""} at %{x} ms: %{y:.3f}<extra></extra>`,
    }),
  );
  traces.push({
    type: "scatter",
    mode: "lines",
    ...maskOutline(
      time.map((_, step) => Math.max(...masks.map((mask) => mask[step] ?? 0))),
      { dt, end, least: shortestMask * perPixel },
    ),
    yaxis: "y3",
    line: { width: 0, color: theme.ink },
    fill: "tozeroy",
    fillcolor: theme.ink,
    hovertemplate: "loss mask at %{x} ms: %{y:.3g}<extra></extra>",
  });

  const aims = targets.map((y, channel) => y.filter((_, step) => (masks[channel]?.[step] ?? 0) > 0));
  const extent = (lines: number[][]) => finiteExtent(lines.flat()) ?? [0, 1];
  // Outputs that learn go a little beyond their targets: the axis need not move for that.
  const beyond = withRoom(extent(aims), overshoot);
  const outputRange = held(context.scales?.output, withRoom(extent([beyond, ...outputs, ...whole])));
  const inputRange = held(context.scales?.input, withRoom(extent(inputs)));
  const inputLines = { name: "input", lines: inputs, colours: inputColours, circular: circular.input };
  const outputLines = {
    name: "output",
    lines: outputs.length ? outputs : targets,
    colours: outputColours,
    circular: circular.output,
  };
  if (panels.input)
    traces.push(directLabels(inputLines, end, "y2", inputRange, heightOf(panels.input), context));
  traces.push(directLabels(outputLines, end, "y", outputRange, heightOf(panels.output), context));

  const epochs = trial.epochs[0] ?? [];
  const columns: Columns = [
    ["input", inputs],
    ["target", targets],
    [lesioned ? "output with the lesion" : "output", outputs],
    ["output without the lesion", whole],
    ["mask", masks],
  ];
  return {
    traces,
    layout: {
      ...baseLayout(context, { ...margin, t }),
      xaxis: axis(context, "Time (ms)", {
        range: [time[0] ?? 0, end],
        anchor: "y3",
        showline: false,
        nticks: timeTicks(context),
      }),
      yaxis: valueAxis(context, "Output", outputRange, { domain: panels.output, nticks: 4 }),
      ...(panels.input && {
        yaxis2: valueAxis(context, "Input", inputRange, { domain: panels.input, nticks: 4, anchor: "x" }),
      }),
      yaxis3: axis(context, "", {
        domain: panels.strip,
        range: [0, Math.max(1, finiteExtent(masks.flat())?.[1] ?? 1)],
        fixedrange: true,
        showticklabels: false,
        ticks: "",
        showline: false,
        anchor: "x",
      }),
      shapes: [
        ...epochShapes(context, epochs),
        ...windowShapes(context, window),
        // The ground of the strip: where the mask is empty there is still a strip.
        {
          type: "rect",
          xref: "paper",
          yref: "paper",
          x0: 0,
          x1: 1,
          y0: 0,
          y1: panels.strip[1],
          line: { width: 0 },
          fillcolor: theme.line,
          layer: "below",
        },
      ],
      annotations: [
        ...epochNames(context, epochs, margin.l + margin.r),
        ...windowName(context, window),
        ...legend(
          context,
          panels,
          lesioned ? "━ with the lesion  ─ without (faint)  ╌ target" : "━ output  ╌ target",
        ),
        {
          text: "loss mask",
          xref: "paper",
          x: 1,
          xanchor: "left",
          xshift: 6,
          yref: "paper",
          y: panels.strip[1] / 2,
          yanchor: "middle",
          yshift: panels.input ? 0 : 2,
          ...textIn(theme.inkSoft),
        },
      ],
    },
    scales: { output: outputRange, input: inputRange },
    point: (x) => ({ units: [], time: x }),
    marks: timeMarks,
    summary: trialSummary(data),
    ...circleHelp(data, theme),
    table: () => trialTable(time, columns, (value) => significant(value)),
    data: () => trialTable(time, columns, (value) => value),
  };
}

/** The time that is pointed at elsewhere. */
export function timeMarks({ time }: Pointed): Mark[] {
  return time === null ? [] : [{ axis: "x", from: time, to: time }];
}

interface Channels {
  /** "input" */
  name: string;
  lines: number[][];
  colours: string[];
  /** Whether the last is the neighbour of the first. */
  circular: boolean;
}

/**
 * Names at the right-hand end of each line, moved apart where lines end together; they move with their lines. Of more lines
 * than have colours of their own a few are named, in the middle: a key to the scale.
 */
function directLabels(
  channels: Channels,
  end: number,
  yaxis: "y" | "y2",
  range: [number, number],
  /** Of the panel, in pixels. */
  plotHeight: number,
  { theme }: PlotContext,
): Trace {
  const { name, lines, colours } = channels;
  const half = (8 * (range[1] - range[0])) / Math.max(1, plotHeight);
  const middle = (range[0] + range[1]) / 2;
  const isKey = lines.length > theme.channels.length;
  const named = isKey ? keyOf(channels, Math.floor(plotHeight / 16)) : [...lines.keys()];
  // A crowd of names would say less than none.
  const crowded = named.length * 2 * half > range[1] - range[0];
  const places = isKey
    ? named.map((_, place) => middle + ((named.length - 1) / 2 - place) * 2 * half)
    : spread(
        lines.map((line) => line.at(-1) ?? 0),
        2 * half,
        range[0] + half,
        range[1] - half,
      );
  return {
    type: "scatter",
    mode: "text",
    x: crowded ? [] : places.map(() => end),
    y: crowded ? [] : places,
    yaxis,
    text: named.map((channel, place) => {
      const isBack = place > 0 && channel === 0;
      return `\u2002<span style="color:${colours[channel] ?? theme.ink}">${isBack ? "↻" : "━"}</span> ${name} ${channel + 1}`;
    }),
    textposition: "middle right",
    textfont: { size: 12, color: theme.ink },
    cliponaxis: false,
    hoverinfo: "skip",
  };
}

/** The first of many channels, the middle and the last; of a circle, as many as have room on the way back to the first. */
function keyOf({ lines: { length }, circular }: Channels, room: number): number[] {
  if (!circular) return [0, Math.floor((length - 1) / 2), length - 1];
  const parts = room < 5 ? [0, 1 / 2] : [0, 1 / 4, 1 / 2, 3 / 4];
  return [...parts.map((part) => Math.round(part * length)), 0];
}

/** Says what the colours of many directions mean. */
function circleHelp({ trial, circular = noCircle }: TrialData, { channels }: PlotTheme): { help?: string } {
  const around = [
    ...(circular.input && trial.N_in > channels.length ? ["inputs"] : []),
    ...(circular.output && trial.N_out > channels.length ? ["outputs"] : []),
  ].join(" and ");
  return around === ""
    ? {}
    : {
        help: `The ${around} stand for directions: their colours go around a circle, where the last is the neighbour of the first.`,
      };
}

/** Names of lines and, channel by channel, their values. */
type Columns = [name: string, lines: number[][]][];

function trialTable(time: number[], columns: Columns, write: (value: number) => Cell) {
  return {
    caption: "One trial, step by step",
    columns: [
      "time (ms)",
      ...columns.flatMap(([name, lines]) => lines.map((_, channel) => `${name} ${channel + 1}`)),
    ],
    rows: time.map((at, step): Cell[] => [
      at,
      ...columns.flatMap(([, lines]) => lines.map((line) => write(line[step] ?? NaN))),
    ]),
  };
}

/** "coherence 0.125, output 2 is right" */
function paramsText(params: { [name: string]: number }, names: string[]): string {
  return Object.entries(params)
    .filter(([name]) => names.includes(name))
    .map(([name, value]) => wordsOf(name).told(value))
    .join(", ");
}

function verdict(correct: number | undefined): string {
  if (correct === 1) return "the network's choice is correct";
  if (correct === 0) return "the network's choice is wrong";
  return correct === -1 ? noChoice : "the network has not run on it yet";
}

/** When the outputs grow beyond any number, in ms; null where they do not. */
function overflowTime({ run, lesioned, dt }: TrialData): number | null {
  const shown = lesioned ?? run;
  const at = shown?.outputs.findIndex((value) => !Number.isFinite(value)) ?? -1;
  return shown && at >= 0 ? Math.floor(at / shown.N_out) * dt : null;
}

/** So many parameters fit a sentence; of more, those are left out that the names of the epochs show. */
const mostTold = 4;

function toldNames({ params: [params = {}], epochs: [epochs = []] }: Trials, varying: string[]): string[] {
  if (varying.length <= mostTold) return varying;
  const times = epochs.flatMap(({ from, to }) => [from, to, to - from]);
  const isShown = (name: string) =>
    wordsOf(name).unit === "ms" && times.some((time) => Math.abs(time - (params[name] ?? NaN)) < 1e-6);
  return varying.filter((name) => !isShown(name));
}

/** How well a trial is done that asks for no choice. */
function lossText(
  { run, lesioned }: NonNullable<TrialData["losses"]> = { run: NaN, lesioned: null },
): string {
  if (!Number.isFinite(run)) return "";
  if (lesioned === null) return `; loss ${significant(run)}`;
  return `; loss ${significant(lesioned)} with the lesion, ${significant(run)} without it`;
}

function trialSummary(data: TrialData): string {
  const { trial, run, lesioned = null, losses, index, of, varying } = data;
  const overflow = overflowTime(data);
  const params = paramsText(trial.params[0] ?? {}, toldNames(trial, varying));
  const told =
    overflow !== null
      ? `the output grew beyond any number at ${milliseconds(overflow)}`
      : lesioned && run && lesioned.correct[0] !== -1
        ? `with the lesion ${verdict(lesioned.correct[0])}; without it, ${run.correct[0] === 1 ? "correct" : "wrong"}`
        : `${verdict(run?.correct[0])}${run?.correct[0] === -1 ? lossText(losses) : ""}`;
  return `Trial ${index + 1} of ${plural(of, "trial").replace(/ trials?$/, "")}${params ? ` (${params})` : ""}: ${told}.`;
}
