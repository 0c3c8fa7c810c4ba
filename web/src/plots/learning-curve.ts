import type { HistoryPoint, MetricPoint, TestResult } from "nullcline";
import type { Annotations, LayoutAxis, Shape } from "plotly.js";
import { chanceLabel, chanceLine, chanceMargin } from "./accuracy";
import { axis, baseLayout, fullHeight, textIn, valueAxis } from "./layout";
import { widthOf } from "./names";
import { count, ordinal, percent, plural, powerOfTen, significant } from "./numbers";
import { mostPoints, outline } from "./shrink";
import { roundLimit } from "./ranges";
import { finiteExtent, type Cell, type PlotContext, type PlotSpec, type Table, type Trace } from "./plot";
import { passedText, stageSpans, type StageSpan } from "./stages";
import { trialName } from "../state/select";
import { capitalised, noChoice } from "../words";

export type Metric = "accuracy" | "loss";

/** A stage of a curriculum. */
export interface StagePlan {
  /** What it changes in the task. */
  title: string;
  metric: Metric;
  /** What the metric must reach: from below, or from above for a loss. */
  threshold: number;
}

/** A test on fresh trials, or on those of a file. */
type Tested = TestResult & { given?: boolean };

export interface LearningData {
  history: HistoryPoint[];
  /** One point in so many iterations. */
  every: number;
  iterations: number;
  N_batch: number;
  /** Accuracy of guessing, where the task has one. */
  chance: number | null;
  /** Fresh trials before training and at an iteration since; null where not measured. */
  before: Tested | null;
  now: (Tested & { iteration: number }) | null;
  logLoss: boolean;
  /** The curriculum's stages; none without a curriculum. */
  stages: StagePlan[];
  /** The stage at hand, counted from 0. */
  stage: number;
  /** What the curriculum measured on fresh trials. */
  metrics: MetricPoint[];
}

/** Where the axis ends: at the last iteration asked for, or at the one that passed the last stage, which ends the run. */
function lastIteration({ history, iterations, stages, stage, metrics }: LearningData): number {
  const passedAll = stages.length > 0 && stage >= stages.length;
  const asked = passedAll ? (metrics.at(-1)?.iteration ?? iterations) : iterations;
  return Math.max(asked, history.at(-1)?.iteration ?? 0, 1);
}

/** Beside the curves stand chance and, with a curriculum, what its stage must reach. */
function marginOf({ stages, chance }: LearningData) {
  return { t: 16, l: 62, r: chance !== null ? chanceMargin : stages.length > 0 ? 48 : 16 };
}

/** One measurement of a stage's metric. */
interface MeasuredMetric {
  iteration: number;
  stage: number;
  value: number;
  metric: Metric;
  /** Whether it is of a stage that was passed before. */
  earlier: boolean;
}

/** Whether there is an accuracy to learn: one output, or trials that ask for no choice, leave the loss alone to look at. */
function isScored({ chance, before, history }: LearningData): boolean {
  if (chance === null) return false;
  return before?.scored !== 0 || history.some(({ accuracy }) => Number.isFinite(accuracy));
}

/** Accuracy above, loss below, over iterations; the loss alone where there is no accuracy. */
export function learningCurve(data: LearningData, context: PlotContext): PlotSpec {
  const { theme } = context;
  const scored = isScored(data);
  const iteration = data.history.map((point) => point.iteration);
  const tests = testsOf(data).filter((test) => Number.isFinite(scored ? test.accuracy : test.loss));
  const end = lastIteration(data);

  const margin = marginOf(data);
  const most = mostPoints(context.width - margin.l - margin.r);
  const curve = (y: number[]) => {
    const line = outline(iteration, y, most);
    return orNothing(line.x, line.y);
  };

  const batch = count(data.N_batch);
  const traces: Trace[] = [
    {
      type: "scatter",
      mode: iteration.length > 120 ? "lines" : "lines+markers",
      ...curve(data.history.map((point) => 100 * point.accuracy)),
      yaxis: "y2",
      line: { color: theme.accent, width: 1.5 },
      marker: { color: theme.accent, size: 3.5 },
      connectgaps: true,
      hovertemplate: `iteration %{x}: %{y:.1f} % of the batch's ${batch} trials<extra></extra>`,
    },
    {
      type: "scatter",
      mode: "markers",
      ...orNothing(
        tests.map((test) => test.iteration),
        tests.map((test) => (scored ? 100 * test.accuracy : test.loss)),
      ),
      yaxis: scored ? "y2" : "y",
      marker: { symbol: "diamond", size: 10, color: theme.surface, line: { color: theme.ink, width: 1.75 } },
      text: tests.map((test) =>
        scored
          ? `${percent(test.accuracy, 1)} of ${plural(test.scored, trialOf(test))}`
          : `loss ${significant(test.loss)} on ${plural(test.count, trialOf(test))}`,
      ),
      hovertemplate: "iteration %{x}: %{text}<extra></extra>",
      // A loss may lie above its axis.
      cliponaxis: !scored,
    },
    {
      type: "scatter",
      mode: iteration.length > 120 ? "lines" : "lines+markers",
      ...curve(data.history.map((point) => point.loss)),
      line: { color: theme.ink, width: 1.5 },
      marker: { color: theme.ink, size: 3.5 },
      hovertemplate: "iteration %{x}: loss %{y:.4g}<extra></extra>",
    },
    ...metricTraces(data, context),
  ];

  const range: [number, number] = [-end * 0.015, end * 1.015];
  const spans =
    data.stages.length > 0 ? stageSpans(data.metrics, data.stage, data.stages.length, range[1]) : [];
  const finite = [...data.history, ...(scored ? [] : tests)].map(({ loss }) => loss).filter(Number.isFinite);
  const drawn = data.logLoss ? finite : withoutOutliers(finite);
  const losses = finiteExtent([
    ...drawn,
    // Before there is a curve, the loss before training tells the axis where it will begin.
    ...(drawn.length === 0 ? [data.before?.loss ?? NaN] : []),
    ...measured(data).flatMap(({ metric, value }) => (metric === "loss" ? [value] : [])),
    ...spans.flatMap(({ stage }) => {
      const plan = data.stages[stage];
      return plan?.metric === "loss" ? [plan.threshold] : [];
    }),
  ]);
  const last = data.history.at(-1);
  return {
    // A trace on an axis that is not there would make one.
    traces: scored ? traces : traces.filter(({ yaxis }) => yaxis !== "y2"),
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, "Iteration", { range, anchor: "y", domain: [0, 1] }),
      yaxis: lossAxis(losses, data.logLoss, context, scored ? 0.46 : 0.9),
      ...(scored && {
        yaxis2: axis(context, "Accuracy (%)", {
          domain: [0.56, 1],
          range: [0, 104],
          tickvals: [0, 25, 50, 75, 100],
          showgrid: true,
          anchor: "x",
        }),
      }),
      shapes: [
        ...(scored ? accuracyOfChance(data, context) : []),
        ...stageShapes(data, spans, range, context),
      ],
      annotations: [
        ...(scored ? chanceName(data, spans, context) : []),
        ...stageLabels(data, spans, range, context),
        ...key(data, context),
        ...aboveLabel(data, losses, context),
      ],
    },
    summary: learningSummary(data, last),
    ...(data.stages.length > 0 ? { help: stagesHelp(data) } : {}),
    table: () => readableTable(data),
    data: () => learningTable(data),
  };
}

/** All the numbers of the learning curve, the tests on fresh trials in columns of their own. */
export function learningTable(data: LearningData): Table {
  const accuracy = (value: number) => (Number.isFinite(value) ? value : "");
  const { columns, rows } = rowsOf(data, { loss: (value) => value, accuracy, metric: accuracy });
  const tests = new Map(testsOf(data).map((test) => [test.iteration, test]));
  const known = new Set(rows.map(([iteration]) => iteration));
  const blank = columns.slice(1).map(() => "");
  const all = [
    ...rows,
    ...[...tests.keys()].filter((iteration) => !known.has(iteration)).map((at): Cell[] => [at, ...blank]),
  ].sort(([a = 0], [b = 0]) => Number(a) - Number(b));
  return {
    caption: "Learning curve",
    columns: [...columns, "test_loss", "test_accuracy", "test_trials"],
    rows: all.map((row) => {
      const test = tests.get(Number(row[0]));
      return [...row, ...(test ? [test.loss, accuracy(test.accuracy), test.count] : ["", "", ""])];
    }),
  };
}

function trialOf({ given = false }: Tested): string {
  return trialName(given);
}

/** The tests before training and since. */
function testsOf({ before, now }: LearningData): (Tested & { iteration: number })[] {
  return [...(before ? [{ ...before, iteration: 0 }] : []), ...(now && now.iteration > 0 ? [now] : [])];
}

/** Which batches the curves are of. */
function batches({ every }: LearningData): string {
  return every > 1 ? `every ${ordinal(every)} batch` : "each batch";
}

function readableTable(data: LearningData): Table {
  return {
    caption: `Learning curve, measured on ${batches(data)} (${count(data.N_batch)} trials), not smoothed`,
    ...rowsOf(data, {
      loss: (value) => significant(value, 4),
      accuracy: (value) => (Number.isFinite(value) ? percent(value, 1) : "no choice asked"),
      metric: inMetric,
    }),
  };
}

interface Format {
  loss: (value: number) => Cell;
  accuracy: (value: number) => Cell;
  metric: (value: number, metric: Metric) => Cell;
}

/** A row an iteration; with a curriculum, the stage at that iteration and its metric too. */
function rowsOf(data: LearningData, format: Format): Pick<Table, "columns" | "rows"> {
  const columns = ["iteration", "loss", "accuracy"];
  if (data.stages.length === 0) {
    const rows = data.history.map(({ iteration, loss, accuracy }) => [
      iteration,
      format.loss(loss),
      format.accuracy(accuracy),
    ]);
    return { columns, rows };
  }
  const history = new Map(data.history.map((point) => [point.iteration, point]));
  const metrics = new Map(data.metrics.map((point) => [point.iteration, point]));
  const spans = stageSpans(data.metrics, data.stage, data.stages.length, Infinity);
  const iterations = [...new Set([...history.keys(), ...metrics.keys()])].sort((a, b) => a - b);
  const rows = iterations.map((iteration) => {
    const [point, metric] = [history.get(iteration), metrics.get(iteration)];
    // A measurement that passes belongs to the stage that it ends.
    const stage = metric?.stage ?? spans.findLast(({ from }) => from < iteration)?.stage ?? 0;
    const plan = data.stages[stage];
    return [
      iteration,
      point ? format.loss(point.loss) : "",
      point ? format.accuracy(point.accuracy) : "",
      stage + 1,
      metric && plan ? format.metric(metric.value, plan.metric) : "",
      plan ? format.metric(plan.threshold, plan.metric) : "",
    ];
  });
  return { columns: [...columns, "stage", "metric", "threshold"], rows };
}

function inMetric(value: number, metric: Metric): string {
  return metric === "accuracy" ? percent(value, 1) : significant(value, 3);
}

/** Every measurement of the curriculum, those of earlier stages after those of the stage at hand. */
function measured({ metrics, stages }: LearningData): MeasuredMetric[] {
  const of = (stage: number) => stages[stage]?.metric ?? "accuracy";
  return [
    ...metrics.map(({ iteration, stage, value }) => ({
      iteration,
      stage,
      value,
      metric: of(stage),
      earlier: false,
    })),
    ...metrics.flatMap(({ iteration, earlier_stages }) =>
      earlier_stages.map((value, stage) => ({ iteration, stage, value, metric: of(stage), earlier: true })),
    ),
  ];
}

/** Where the numbers of a metric are drawn. */
const places = { accuracy: { axis: "y2", factor: 100 }, loss: { axis: "y", factor: 1 } } as const;

/** The metric on fresh trials as circles: of the stage at hand, and smaller of those before it. */
function metricTraces(data: LearningData, { theme }: PlotContext): Trace[] {
  if (data.stages.length === 0) return [];
  const all = measured(data);
  return (["accuracy", "loss"] as const).flatMap((metric) =>
    [true, false].map((earlier): Trace => {
      const points = all.filter((point) => point.metric === metric && point.earlier === earlier);
      const { axis: yaxis, factor } = places[metric];
      return {
        type: "scatter",
        mode: "markers",
        ...orNothing(
          points.map(({ iteration }) => iteration),
          points.map(({ value }) => factor * value),
        ),
        yaxis,
        marker: {
          symbol: "circle",
          size: earlier ? 4.5 : 7,
          color: theme.surface,
          line: { color: earlier ? theme.inkSoft : theme.ink, width: earlier ? 1 : 1.5 },
        },
        text: points.map(
          ({ stage, value }) =>
            `stage ${stage + 1}${earlier ? ", passed before" : ""}: ${metric} ${inMetric(value, metric)} on fresh trials`,
        ),
        hovertemplate: "iteration %{x}, %{text}<extra></extra>",
        cliponaxis: false,
      };
    }),
  );
}

function accuracyOfChance({ chance }: LearningData, context: PlotContext): Partial<Shape>[] {
  return chance === null ? [] : [{ ...chanceLine(context, "y", 100 * chance), yref: "y2" }];
}

function chanceName(data: LearningData, spans: StageSpan[], context: PlotContext): Partial<Annotations>[] {
  const { chance, stages } = data;
  if (chance === null) return [];
  const label = chanceLabel(context, `chance<br>${percent(chance)}`, 100 * chance);
  const plan = stages[spans.at(-1)?.stage ?? -1];
  return [{ ...label, yref: "y2", ...(plan ? { yanchor: nameAnchors(plan, chance).chance } : {}) }];
}

/** Chance and what a stage must reach may be close: the name of the upper one stands above its line, that of the lower one below. */
function nameAnchors({ metric, threshold }: StagePlan, chance: number | null) {
  if (metric !== "accuracy" || chance === null) return { pass: "middle", chance: "middle" } as const;
  // Far enough above it there is room, but near the top none above its line.
  if (threshold - chance > 0.25) return { pass: "middle", chance: "top" } as const;
  return threshold >= chance
    ? ({ pass: "bottom", chance: "top" } as const)
    : ({ pass: "top", chance: "bottom" } as const);
}

/** Every other stage shaded, borders between them, and what each must reach. */
function stageShapes(
  data: LearningData,
  spans: StageSpan[],
  [left]: [number, number],
  { theme }: PlotContext,
): Partial<Shape>[] {
  return spans.flatMap(({ stage, from, to }) => {
    const plan = data.stages[stage];
    const x0 = stage === 0 ? left : from;
    const whole = { ...fullHeight, x0 };
    const shapes: Partial<Shape>[] = [];
    if (stage % 2 === 1)
      shapes.push({
        ...whole,
        type: "rect",
        x1: to,
        line: { width: 0 },
        fillcolor: theme.shade,
        layer: "below",
      });
    if (stage > 0)
      shapes.push({
        ...whole,
        type: "line",
        x1: x0,
        line: { width: 1, color: theme.inkSoft },
        layer: "below",
      });
    if (plan && Number.isFinite(plan.threshold) && inRange(plan)) {
      const { axis: yref, factor } = places[plan.metric];
      const y = factor * plan.threshold;
      const line = { color: theme.ink, width: 1.5, dash: "dot" } as const;
      shapes.push({ type: "line", xref: "x", yref, x0, x1: to, y0: y, y1: y, line });
    }
    return shapes;
  });
}

/** An accuracy that no axis holds is not drawn. */
function inRange({ metric, threshold }: StagePlan): boolean {
  return metric === "loss" ? threshold > 0 : threshold >= 0 && threshold <= 1;
}

const letter = 6.5;

/** The number of each stage above the place where it begins, with the word where there is room. */
function stageLabels(
  data: LearningData,
  spans: StageSpan[],
  [left, right]: [number, number],
  { theme, width }: PlotContext,
): Partial<Annotations>[] {
  const margin = marginOf(data);
  const pixels = (width - margin.l - margin.r) / (right - left);
  let free = -Infinity;
  const names = spans.flatMap(({ stage, from, to }): Partial<Annotations>[] => {
    const x0 = stage === 0 ? left : from;
    // Beyond the last stage there is nothing to touch.
    const room = ((stage === spans.length - 1 ? right : to) - Math.max(x0, free)) * pixels;
    const plan = data.stages[stage];
    const text = [`stage ${stage + 1}: ${plan?.title ?? ""}`, `stage ${stage + 1}`, `${stage + 1}`].find(
      (words) => (words.length + 1) * letter <= room,
    );
    if (text === undefined || x0 < free) return [];
    free = x0 + ((text.length + 1) * letter) / pixels;
    return [
      {
        text: text.replace(/: $/, ""),
        x: x0,
        xref: "x",
        xanchor: "left",
        xshift: 2,
        y: 1,
        yref: "paper",
        yanchor: "bottom",
        ...textIn(theme.inkSoft),
      },
    ];
  });
  return [...names, ...thresholdLabel(data, spans, { theme })];
}

/** The threshold of the last stage that is drawn; those before it are in the table. */
function thresholdLabel(
  data: LearningData,
  spans: StageSpan[],
  { theme }: Pick<PlotContext, "theme">,
): Partial<Annotations>[] {
  const span = spans.at(-1);
  const plan = span && data.stages[span.stage];
  if (!plan || !inRange(plan)) return [];
  const { axis: yref, factor } = places[plan.metric];
  const y = factor * plan.threshold;
  return [
    {
      text: `pass<br>${plan.metric === "accuracy" ? percent(plan.threshold) : significant(plan.threshold)}`,
      // Beside the plot, where it covers no point.
      x: 1,
      xref: "paper",
      xanchor: "left",
      xshift: 2,
      align: "left",
      y: plan.metric === "loss" && data.logLoss ? Math.log10(y) : y,
      yref,
      yanchor: nameAnchors(plan, data.chance).pass,
      ...textIn(theme.ink),
    },
  ];
}

function stagesHelp({ stages }: LearningData): string {
  const what = [...new Set(stages.map(({ metric }) => metric))].join(" or ");
  return `Circles: the curriculum's metric (${what}) on fresh trials of the stage at hand; small circles: of stages passed before. A stage is passed when its circle reaches the dotted line, and the next begins. Lines: the batch that was trained on. Diamonds: the tests before training and since.`;
}

/** A point without a value where there is no point yet: to Plotly an empty line is one that is not there. */
function orNothing(x: number[], y: number[]): { x: number[]; y: number[] } {
  return x.length > 0 ? { x, y } : { x: [0], y: [NaN] };
}

/** The axis of the loss; before there is any loss, one without numbers. */
function lossAxis(
  extent: [number, number] | null,
  log: boolean,
  context: PlotContext,
  top: number,
): Partial<LayoutAxis> {
  const common = { domain: [0, top], nticks: 4, showgrid: true };
  if (!extent) return axis(context, "Loss", { ...common, range: [0, 1], tickvals: [] });
  const [low, high] = extent;
  if (!log || low <= 0) return valueAxis(context, "Loss", [0, linearLimit(high)], common);
  // Ends at fifths of a decade: the axis stays where it is while the loss falls a little.
  const range = [Math.floor(5 * Math.log10(low) - 0.25) / 5, Math.ceil(5 * Math.log10(high) + 0.25) / 5];
  // 1, 2 and 5 of every decade, so that a curve within one decade has numbers beside it.
  const decades = Array.from({ length: 14 }, (_, index) => 10 ** (index - 10));
  const tickvals = decades
    .flatMap((decade) => [decade, 2 * decade, 5 * decade])
    .filter((tick) => Math.log10(tick) >= (range[0] ?? 0) && Math.log10(tick) <= (range[1] ?? 0));
  const isDecade = (tick: number) => Number.isInteger(Math.log10(tick));
  const shown = tickvals.length > 7 ? tickvals.filter(isDecade) : tickvals;
  const plain = shown.map((tick) => significant(tick, 1));
  const exponent = Math.floor(Math.log10(shown[0] ?? 1) + 1e-9);
  // Long labels would reach the title: decades are written as powers of ten, of others the title has the power.
  const [title, ticktext] = plain.every((text) => text.length <= longestLabel && !text.includes("e"))
    ? ["Loss", plain]
    : shown.every(isDecade)
      ? ["Loss", shown.map((tick) => powerOfTen(Math.log10(tick)))]
      : [`Loss (${powerOfTen(exponent)})`, shown.map((tick) => significant(tick / 10 ** exponent, 1))];
  return axis(context, title, { ...common, type: "log", range, tickvals: shown, ticktext });
}

/** In letters: "0.001". */
const longestLabel = 5;

/** So many times as high as all but a twentieth of the others are losses that the axis leaves out. */
const outlying = 4;

/** Losses without the few that are far above all others, as those of the first iterations may be. */
function withoutOutliers(losses: number[]): number[] {
  const sorted = losses.toSorted((a, b) => a - b);
  const most = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? Infinity;
  return sorted.filter((loss) => loss <= outlying * most);
}

/** How high losses are that the axis leaves out. */
function aboveLabel(
  { history, logLoss }: LearningData,
  axis: [number, number] | null,
  { theme }: PlotContext,
): Partial<Annotations>[] {
  if (!axis || logLoss) return [];
  const limit = linearLimit(axis[1]);
  const [, highest] = finiteExtent(history.map(({ loss }) => loss)) ?? axis;
  if (highest <= limit) return [];
  const { iteration } = history.find(({ loss }) => loss === highest) ?? { iteration: 0 };
  return [
    {
      text: `↑ up to ${significant(highest)} at iteration ${count(iteration)}`,
      xref: "paper",
      x: 0.5,
      xanchor: "center",
      yref: "y",
      y: limit,
      yanchor: "top",
      ...textIn(theme.inkSoft),
    },
  ];
}

/** Where a linear axis of losses ends. */
function linearLimit(high: number): number {
  return roundLimit(high * 1.03);
}

function learningSummary(data: LearningData, last: HistoryPoint | undefined): string {
  const stages = data.stages.length;
  const choiceless = isScored(data) ? "" : ` ${capitalised(noChoice)}: the loss tells how well it is done.`;
  if (!last) {
    const what = choiceless ? "Loss" : stages === 0 ? "Loss and accuracy" : "Loss, accuracy";
    const coming =
      stages === 0
        ? `${what} of ${batches(data)} appear${choiceless && "s"} here as ${choiceless ? "a line" : "lines"}`
        : `${what} and the ${plural(stages, "stage")} of the curriculum appear here`;
    return `${coming} while the network trains.${marksText(data)}${choiceless}`;
  }
  const accuracy = Number.isFinite(last.accuracy) ? `, ${percent(last.accuracy)} correct` : "";
  const loss = `loss ${significant(last.loss)}${accuracy}`;
  const batch = `batch of ${count(data.N_batch)} trials`;
  const told =
    stages > 0
      ? `${stageSummary(data)} Last ${batch}: ${loss} (lines).`
      : `At iteration ${count(last.iteration)}: ${loss} on a ${batch} (lines, not smoothed).`;
  return `${told}${marksText(data)}${choiceless}`;
}

/** What diamonds and circles are, as far as there are any. */
function marksText(data: LearningData): string {
  const tests = testsOf(data);
  const [test] = tests;
  const when =
    tests.length > 1 ? " before training and since" : test?.iteration === 0 ? " before training" : "";
  const diamonds = test
    ? ` Diamond${tests.length > 1 ? "s" : ""}: ${plural(test.count, trialOf(test))}${when}.`
    : "";
  const circles = data.stages.length > 0 ? " Circles: the curriculum’s own measurements." : "";
  return `${diamonds}${circles}`;
}

/** Names lines and marks, between the panels or above the only one. */
function key(data: LearningData, { theme, width, height }: PlotContext): Partial<Annotations>[] {
  const { l, r, t } = marginOf(data);
  const text = `━ ${batches(data)}  ◇ ${trialName(testsOf(data)[0]?.given ?? false)}s${data.stages.length > 0 ? "  ○ curriculum" : ""}`;
  // Lower than a line of text, or narrower than the words, there is no room.
  const hasRoom = (height - t - 40) * 0.1 >= 14 && widthOf(text) <= width - l - r;
  const y = isScored(data) ? 0.51 : 0.95;
  return hasRoom
    ? [
        {
          text,
          xref: "paper",
          x: 0,
          xanchor: "left",
          yref: "paper",
          y,
          yanchor: "middle",
          // Borders of stages run behind it.
          bgcolor: theme.surface,
          ...textIn(theme.inkSoft),
        },
      ]
    : [];
}

/** Where the curriculum stands. */
function stageSummary({ stages, stage, metrics }: LearningData): string {
  const plan = stages[stage];
  const last = metrics.at(-1);
  if (!plan)
    return `${capitalised(passedText(stages.length))}${last ? `, ${stages.length > 1 ? "the last " : ""}at iteration ${count(last.iteration)}` : ""}.`;
  const where = `Stage ${stage + 1} of ${stages.length}`;
  const wanted = `${plan.metric === "accuracy" ? "at least" : "at most"} ${inMetric(plan.threshold, plan.metric)}`;
  return last?.stage === stage
    ? `${where}: ${plan.metric} ${inMetric(last.value, plan.metric)} on fresh trials, ${wanted} needed.`
    : `${where}: not measured yet, ${plan.metric} of ${wanted} needed.`;
}
