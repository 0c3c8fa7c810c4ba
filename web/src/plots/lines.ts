import { equalValues } from "./equal";
import type { PlotSpec, Trace } from "./plot";

/** From a value to pixels from the left, or from the top, of the axes that are drawn. */
export type Scale = (value: number) => number;

/** What Plotly knows of the axes that it has drawn. */
interface Drawn {
  _fullLayout?: { [axis: string]: { c2p?: Scale } | undefined };
}

/** A line through points, as the `d` of an SVG path; where there is no number there is a gap. */
export function pathOf(x: ArrayLike<unknown>, y: ArrayLike<unknown>, toX: Scale, toY: Scale): string {
  const parts: string[] = [];
  let run: string[] = [];
  const end = () => {
    if (run.length > 1) parts.push(`M${run.join("L")}`);
    run = [];
  };
  for (let index = 0; index < y.length; index++) {
    const [left, top] = [pixels(x[index], toX), pixels(y[index], toY)];
    if (left === null || top === null) end();
    else run.push(`${left},${top}`);
  }
  end();
  return parts.join("");
}

/** To the hundredth; null for what has no place. */
function pixels(value: unknown, scale: Scale): number | null {
  const place = typeof value === "number" ? scale(value) : NaN;
  return Number.isFinite(place) ? Math.round(100 * place) / 100 : null;
}

/**
 * Moves the lines, points and labels that Plotly drew to new numbers on the same axes; false, and nothing moved, where more
 * has changed than those. Plotly takes ten times as long, nearly all of it to look through its settings.
 */
export function moveLines(place: Element, before: PlotSpec, after: PlotSpec): boolean {
  const moves: Move[] = [];
  for (const [index, trace] of after.traces.entries()) {
    const was = before.traces[index] ?? {};
    if (equalValues(was, trace)) continue;
    const group = groupOf(place, after, index);
    const scales = scalesOf(place, trace);
    const parts = group && scales && movesOf(group, was, trace, scales);
    if (!parts) return false;
    moves.push(...parts);
  }
  for (const move of moves) move();
  return true;
}

type Move = () => void;

/** Where Plotly drew a trace. Those without a point are not drawn; the others stand in their order, panel by panel. */
function groupOf(place: Element, { traces }: PlotSpec, index: number): Element | null {
  const panel = panelOf(traces[index] ?? {});
  const before = traces.slice(0, index).filter((one) => one.x?.length !== 0 && panelOf(one) === panel).length;
  return place.querySelectorAll(`.subplot.${panel} .scatterlayer > .trace`)[before] ?? null;
}

function panelOf({ xaxis = "x", yaxis = "y" }: Trace): string {
  return `${xaxis}${yaxis}`;
}

function scalesOf(place: Element, { xaxis = "x", yaxis = "y" }: Trace): [Scale, Scale] | null {
  const axes = (place as Drawn)._fullLayout;
  const [x, y] = [xaxis, yaxis].map((name) => axes?.[name.replace(/^[xy]/, "$&axis")]?.c2p);
  return x && y ? [x, y] : null;
}

/** What to move for a trace's lines, points and labels; null where one of them cannot be moved. */
function movesOf(group: Element, before: Trace, after: Trace, scales: [Scale, Scale]): Move[] | null {
  if (before.mode !== after.mode || (after.fill ?? "none") !== "none") return null;
  const moves = (after.mode ?? "lines")
    .split("+")
    .map((part) => movers[part]?.(group, before, after, ...scales) ?? null);
  const known = moves.filter((move) => move !== null);
  return known.length === moves.length ? known : null;
}

type Mover = (group: Element, before: Trace, after: Trace, toX: Scale, toY: Scale) => Move | null;

const movers: { [part: string]: Mover | undefined } = {
  lines: moveLine,
  markers: movePoints,
  text: moveLabels,
};

function moveLine(group: Element, _: Trace, after: Trace, toX: Scale, toY: Scale): Move | null {
  // Plotly draws the pieces between gaps one by one; here the first path holds them all.
  const [first, ...others] = group.querySelectorAll(".lines > .js-line");
  if (!first || (after.line?.shape ?? "linear") !== "linear") return null;
  const path = pathOf(values(after.x), values(after.y), toX, toY);
  return () => {
    first.setAttribute("d", path);
    for (const other of others) other.setAttribute("d", "");
  };
}

/** More points look like those that are there. */
function movePoints(group: Element, _: Trace, after: Trace, toX: Scale, toY: Scale): Move | null {
  const points = [...group.querySelectorAll(".points > .point")];
  const [x, y] = [values(after.x), values(after.y)];
  const places = Array.from(y, (value, index) => [pixels(x[index], toX), pixels(value, toY)]).filter(
    (place) => !place.includes(null),
  );
  const last = points.at(-1);
  if (!last || points.length > places.length) return null;
  return () => {
    places.forEach((place, index) => {
      const point = points[index] ?? (last.cloneNode() as Element);
      point.setAttribute("transform", `translate(${place.join()})`);
      if (index >= points.length) last.parentNode?.append(point);
    });
  };
}

function moveLabels(group: Element, before: Trace, after: Trace, _: Scale, toY: Scale): Move | null {
  const labels = [...group.querySelectorAll(".text > .textpoint > text")];
  const heights = Array.from(values(after.y), (value) => pixels(value, toY));
  if (!equalValues([before.x, before.text], [after.x, after.text])) return null;
  if (labels.length !== heights.length || heights.includes(null)) return null;
  return () => {
    labels.forEach((label, index) => {
      for (const part of [label, ...label.querySelectorAll("tspan.line")])
        part.setAttribute("y", String(heights[index]));
    });
  };
}

function values(numbers: Trace["x"]): ArrayLike<unknown> {
  return numbers ?? [];
}
