import type { Annotations } from "plotly.js";
import type { Eigenvalues } from "nullcline";
import { baseLayout, textIn, valueAxis } from "./layout";
import { count, fromTo, plural, significant } from "./numbers";
import type { Cell, PlotContext, PlotSpec, Trace } from "./plot";
import { aboutZero, held } from "./ranges";

export interface SpectrumData {
  before: Eigenvalues | null;
  now: Eigenvalues;
  /** With the connections taken away that a lesion takes. */
  lesioned: Eigenvalues | null;
  /** When the lesion does so; throughout the trial without. */
  window?: [number, number] | null;
  /** What "before" is before. */
  since: "training" | "the edit";
}

/** The largest modulus of any eigenvalue; 0 where there is none. */
export function spectralRadius({ re, im }: Eigenvalues): number {
  return re.reduce((radius, real, index) => Math.max(radius, Math.hypot(real, im[index] ?? 0)), 0);
}

const margin = { l: 52, r: 16, t: 28, b: 40 };
const circleSteps = 120;

/** The eigenvalues of a square matrix in the complex plane, with the unit circle; both axes to the same scale. */
export function spectrumPlot(data: SpectrumData, context: PlotContext): PlotSpec {
  const { theme } = context;
  const { before, now, lesioned } = data;
  const sets = [now, ...(before ? [before] : []), ...(lesioned ? [lesioned] : [])];
  const reach = 1.04 * Math.max(1, ...sets.map(spectralRadius));
  const limits = held(context.scales?.plane, [-reach, reach], aboutZero);
  const area = {
    width: Math.max(1, context.width - margin.l - margin.r),
    height: Math.max(1, context.height - margin.t - margin.b),
  };
  const side = Math.min(area.width, area.height);
  const across = centred(side / area.width);
  const down = centred(side / area.height);

  const turns = Array.from({ length: circleSteps + 1 }, (_, step) => (2 * Math.PI * step) / circleSteps);
  const circle: Trace = {
    type: "scatter",
    mode: "lines",
    x: turns.map(Math.cos),
    y: turns.map(Math.sin),
    line: { color: theme.inkSoft, width: 1, dash: "dot" },
    hoverinfo: "skip",
  };
  const points = (of: Eigenvalues | null, words: string, marker: NonNullable<Trace["marker"]>): Trace => ({
    type: "scatter",
    mode: "markers",
    x: of ? [...of.re] : [],
    y: of ? [...of.im] : [],
    marker,
    text: of ? moduli(of).map((modulus) => significant(modulus)) : [],
    hovertemplate: `%{x:.3f} %{y:+.3f} i, modulus %{text}, ${words}<extra></extra>`,
  });
  return {
    traces: [
      circle,
      points(before, `before ${data.since}`, {
        symbol: "circle-open",
        size: 7,
        opacity: 0.55,
        color: theme.inkSoft,
        line: { width: 1 },
      }),
      points(now, "now", { symbol: "circle", size: 6, color: theme.accent }),
      points(lesioned, "with the lesion", {
        symbol: "x-thin",
        size: 7,
        line: { width: 1.5, color: theme.ink },
      }),
    ],
    layout: {
      ...baseLayout(context, margin),
      xaxis: valueAxis(context, "Real part", limits, {
        domain: across,
        zeroline: true,
        zerolinecolor: theme.line,
        showline: false,
      }),
      yaxis: valueAxis(context, "Imaginary part", limits, {
        domain: down,
        zeroline: true,
        zerolinecolor: theme.line,
        showline: false,
        scaleanchor: "x",
      }),
      annotations: [key(data, context)],
    },
    scales: { plane: limits },
    summary: spectrumSummary(data),
    help:
      "Each eigenvalue of the recurrent weights is a mode of the network: its modulus says how strongly it feeds back on itself, " +
      "its angle how it turns. With units that pass on what they get, a mode whose real part is above 1 grows, one inside the unit circle (dotted) fades; " +
      "transfer functions that saturate or are silent below zero hold modes back.",
    table: () => ({
      caption: "Eigenvalues of W_rec, the largest first",
      columns: ["when", "real part", "imaginary part", "modulus"],
      rows: allRows(data, (value) => significant(value, 4)),
    }),
    data: () => ({
      caption: "Eigenvalues of W_rec",
      columns: ["when", "real part", "imaginary part", "modulus"],
      rows: allRows(data, (value) => value),
    }),
  };
}

function centred(share: number): [number, number] {
  return [(1 - share) / 2, (1 + share) / 2];
}

function moduli({ re, im }: Eigenvalues): number[] {
  return [...re].map((real, index) => Math.hypot(real, im[index] ?? 0));
}

/** What the marks mean, above the plot. */
function key({ before, lesioned }: SpectrumData, { theme }: PlotContext): Partial<Annotations> {
  const mark = (colour: string, sign: string, words: string) =>
    `<span style="color:${colour}">${sign}</span> ${words}`;
  return {
    text: [
      mark(theme.accent, "●", "now"),
      ...(before ? [mark(theme.inkSoft, "○", "before")] : []),
      ...(lesioned ? [mark(theme.ink, "×", "with the lesion")] : []),
      mark(theme.inkSoft, "┄", "unit circle"),
    ].join("\u2002\u2002"),
    xref: "paper",
    x: 0.5,
    xanchor: "center",
    yref: "paper",
    y: 1,
    yanchor: "bottom",
    yshift: 4,
    ...textIn(theme.inkSoft),
  };
}

function allRows({ now, before, lesioned, since }: SpectrumData, write: (value: number) => Cell): Cell[][] {
  const rows = (of: Eigenvalues | null, words: string): Cell[][] =>
    of
      ? moduli(of)
          .map((modulus, index) => ({ modulus, re: of.re[index] ?? NaN, im: of.im[index] ?? NaN }))
          .sort((a, b) => b.modulus - a.modulus || b.re - a.re || b.im - a.im)
          .map(({ modulus, re, im }) => [words, write(re), write(im), write(modulus)])
      : [];
  return [...rows(now, "now"), ...rows(lesioned, "with the lesion"), ...rows(before, `before ${since}`)];
}

function spectrumSummary({ now, before, lesioned, window, since }: SpectrumData): string {
  if (now.re.length === 0) return "W_rec holds weights that are no numbers: it has no eigenvalues.";
  const outside = (of: Eigenvalues) => moduli(of).filter((modulus) => modulus > 1).length;
  const outsideNow = outside(now);
  const radii = [
    `${significant(spectralRadius(now), 4)} now`,
    ...(before ? [`${significant(spectralRadius(before), 4)} before ${since}`] : []),
    ...(lesioned
      ? [`${significant(spectralRadius(lesioned), 4)} with the lesion${window ? ` (${fromTo(window)})` : ""}`]
      : []),
  ];
  return `Spectral radius of the effective W_rec: ${radii.join(", ")}. ${
    outsideNow === 0 ? "None" : count(outsideNow)
  } of ${plural(now.re.length, "eigenvalue")} ${outsideNow === 1 ? "is" : "are"} outside the unit circle now${
    lesioned ? `, ${outside(lesioned) === 0 ? "none" : count(outside(lesioned))} with the lesion` : ""
  }.`;
}
