import {
  describedActivity,
  heardOf,
  marginOf,
  sortedUnits,
  typeColour,
  typeNames,
  type ActivityData,
  type UnitActivity,
} from "./activity";
import { blend } from "./colour";
import {
  axis,
  baseLayout,
  epochNames,
  epochShapes,
  textIn,
  valueAxis,
  windowName,
  windowShapes,
} from "./layout";
import { widthOf } from "./names";
import { spread, type PlotContext, type PlotSpec } from "./plot";
import { fromZero, held, roundRange } from "./ranges";
import { mostPoints, outline } from "./shrink";
import { channelColour } from "./theme";
import { steps, timeMarks } from "./trial";

/** Of more lines than these none could be followed. */
const mostTraces = 12;

/** From the middle of one name to the next, and from the plot to its names, in pixels. */
const nameHeight = 14;
const leader = 12;

/** What a name takes with a piece of its line before it, and after it the colour of its unit's type. */
const piece = 14;
const square = 15;

const dashes = ["solid", "dash"] as const;

/** How the line of a unit looks; no two look alike. */
export interface LineStyle {
  color: string;
  dash: (typeof dashes)[number];
}

/** Rates of the units chosen, or of those with the largest peaks, over one trial: a line each, with its name at its end. */
export function tracesPlot(data: ActivityData, context: PlotContext): PlotSpec {
  const { chosen = [] } = data;
  const units = sortedUnits(data);
  const drawn = tracesOf(data, units, context);
  const which =
    chosen.length === 0
      ? `the ${drawn.length} with the largest peaks`
      : drawn.length === chosen.length
        ? "the units chosen"
        : `the first ${drawn.length} units chosen`;
  return describedActivity(data, units, lines(data, drawn, context), `Shown: ${which}.`);
}

/** Those chosen, else those with the largest peaks, as many as there is room for names; in the order of their numbers. */
function tracesOf(data: ActivityData, units: UnitActivity[], context: PlotContext): UnitActivity[] {
  const { chosen = [] } = data;
  const { t, b } = marginOf(data, context);
  const most = Math.min(mostTraces, Math.max(1, Math.floor((context.height - t - b) / nameHeight)));
  const found =
    chosen.length > 0
      ? chosen.flatMap((wanted) => units.find(({ unit }) => unit === wanted) ?? [])
      : heardOf(data, units)
          .filter(({ peak }) => peak !== 0)
          .sort((a, b) => Math.abs(b.peak) - Math.abs(a.peak));
  return found.slice(0, most).sort((a, b) => a.unit - b.unit);
}

/** The last step at which a unit has a rate: one that grows beyond any number ends before. */
function endOf({ rates }: UnitActivity): { step: number; rate: number } {
  const step = Math.max(0, rates.findLastIndex(Number.isFinite));
  return { step, rate: rates[step] ?? 0 };
}

/**
 * A colour for each line, dashed where there are more lines than colours. It stays with its unit while the rates change, but
 * for lines that end beside one of the same colour.
 */
export function lineStyles(ends: number[], { theme }: PlotContext): LineStyle[] {
  const colours = theme.channels.map((_, index) => index);
  const uses = colours.map(() => 0);
  const order = ends.map((_, index) => index).sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0));
  const taken: (number | undefined)[] = [];
  ends.forEach((_, line) => {
    const rank = order.indexOf(line);
    const beside = [order[rank - 1], order[rank + 1]].map((other) => taken[other ?? -1]);
    const free = colours.filter((colour) => !beside.includes(colour));
    const colour = (free.length > 0 ? free : colours).reduce((least, one) =>
      (uses[one] ?? 0) < (uses[least] ?? 0) ? one : least,
    );
    taken[line] = colour;
    uses[colour] = (uses[colour] ?? 0) + 1;
  });
  const before = colours.map(() => 0);
  return taken.map((colour = 0) => {
    const use = before[colour] ?? 0;
    before[colour] = use + 1;
    return { color: channelColour(theme, colour), dash: dashes[use % dashes.length] ?? "solid" };
  });
}

/** A line's colour for its name: nearer to ink, since letters need more contrast than lines. */
export function nameColour(colour: string, { theme }: PlotContext): string {
  return blend(colour, theme.ink, 0.6);
}

function nameOf({ unit }: UnitActivity): string {
  return `unit ${unit}`;
}

function lines(
  data: ActivityData,
  shown: UnitActivity[],
  context: PlotContext,
): Omit<PlotSpec, "summary" | "table"> {
  const { run, epochs, dt, types, window = null } = data;
  const widest = Math.max(0, ...shown.map((unit) => widthOf(nameOf(unit))));
  const own = marginOf(data, context);
  const margin = { ...own, r: Math.max(own.r, leader + 4 + piece + widest + (types ? square : 0)) };
  const time = steps(run.N_steps, dt);
  const peaks = shown.map(({ peak }) => peak);
  const range = held(context.scales?.lines, [Math.min(0, ...peaks), Math.max(0, ...peaks)], (low, high) =>
    low < 0 ? roundRange(low, high) : fromZero(0, 1.05 * high),
  );
  const styles = lineStyles(
    shown.map((unit) => endOf(unit).rate),
    context,
  );
  return {
    traces: shown.map(({ unit, rates }, index) => ({
      type: "scatter",
      mode: "lines",
      ...outline(time, [...rates], mostPoints(context.width - margin.l - margin.r)),
      line: { width: 1.75, ...styles[index] },
      hovertemplate: `unit ${unit} at %{x} ms: rate %{y:.3g}<extra></extra>`,
    })),
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, "Time (ms)", { range: [0, run.N_steps * dt], nticks: 6 }),
      yaxis: valueAxis(context, "Rate", range, { nticks: 5, showgrid: true }),
      shapes: [...epochShapes(context, epochs), ...windowShapes(context, window)],
      annotations: [
        ...epochNames(context, epochs, margin.l + margin.r),
        ...windowName(context, window),
        ...(types ? typeNames(context) : []),
        ...names(data, shown, styles, range, margin, context),
      ],
    },
    scales: { lines: range },
    point: (x) => ({ units: [], time: x }),
    marks: timeMarks,
  };
}

/** Names beside the plot, apart from each other, each tied to the end of its line. */
function names(
  { run, dt, types }: ActivityData,
  shown: UnitActivity[],
  styles: LineStyle[],
  [low, high]: [number, number],
  margin: { l: number; r: number; t: number; b: number },
  context: PlotContext,
) {
  const width = Math.max(1, context.width - margin.l - margin.r);
  const height = Math.max(1, context.height - margin.t - margin.b);
  const ends = shown.map(endOf);
  const pixels = ends.map(({ rate }) => ((high - rate) / (high - low)) * height);
  const places = spread(pixels, nameHeight, nameHeight / 2, height - nameHeight / 2);
  return shown.map((unit, index) => {
    const { step, rate } = ends[index] ?? { step: 0, rate: 0 };
    const { color = context.theme.ink, dash } = styles[index] ?? {};
    const line = `<span style="color:${color}">${dash === "dash" ? "╌" : "━"}</span>`;
    const type = types ? ` <span style="color:${typeColour(types[unit.unit], context.theme)}">■</span>` : "";
    return {
      ...textIn(nameColour(color, context)),
      text: `${line} ${nameOf(unit)}${type}`,
      x: step * dt,
      y: rate,
      xref: "x" as const,
      yref: "y" as const,
      xanchor: "left" as const,
      yanchor: "middle" as const,
      // A line from the end of the curve to its name.
      showarrow: true,
      arrowhead: 0,
      arrowwidth: 1,
      arrowcolor: color,
      ax: leader + (1 - step / run.N_steps) * width,
      ay: (places[index] ?? 0) - (pixels[index] ?? 0),
    };
  });
}
