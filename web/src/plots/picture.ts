import type { ColourScale } from "./colour";
import type { PlotSpec } from "./plot";

/** The pixels of a heat map: one for each cell, so that the browser and not the page makes it large. */
export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue and opacity of each, row by row from the top. */
  data: Uint8ClampedArray<ArrayBuffer>;
}

interface HeatMap {
  z: ArrayLike<number>[];
  zmin: number;
  zmax: number;
  colorscale: ColourScale;
}

const shades = 1024;

/** A colour scale as so many colours from its start to its end, between its stops mixed as Plotly mixes them. */
export function palette(scale: ColourScale): Uint8ClampedArray {
  const stops = scale.map(([at, colour]) => ({ at, parts: (colour.match(/\d+/g) ?? []).map(Number) }));
  const colours = new Uint8ClampedArray(3 * shades);
  let stop = 0;
  for (let shade = 0; shade < shades; shade++) {
    const at = shade / (shades - 1);
    while (stop < stops.length - 2 && at > (stops[stop + 1]?.at ?? 1)) stop++;
    const [from, to] = [stops[stop], stops[stop + 1] ?? stops[stop]];
    if (!from || !to) break;
    const share = to.at > from.at ? (at - from.at) / (to.at - from.at) : 0;
    for (let part = 0; part < 3; part++) {
      const [low, high] = [from.parts[part] ?? 0, to.parts[part] ?? 0];
      colours[3 * shade + part] = low + share * (high - low);
    }
  }
  return colours;
}

const palettes = new WeakMap<ColourScale, Uint8ClampedArray>();

function paletteOf(scale: ColourScale): Uint8ClampedArray {
  const known = palettes.get(scale) ?? palette(scale);
  palettes.set(scale, known);
  return known;
}

/** The picture of a plot that is one heat map; null where it is anything else. */
export function pixelsOf({ traces, layout }: PlotSpec): Pixels | null {
  const [trace] = traces;
  if (traces.length !== 1 || trace?.type !== "heatmap") return null;
  const { z, zmin, zmax, colorscale } = trace as unknown as HeatMap;
  const height = z.length;
  const width = z[0]?.length ?? 0;
  if (width === 0) return null;
  const colours = paletteOf(colorscale);
  const data = new Uint8ClampedArray(4 * width * height);
  const [left = 0, right = 1] = (layout.xaxis?.range ?? []) as number[];
  const [bottom = 0, top = 1] = (layout.yaxis?.range ?? []) as number[];
  const perShade = (shades - 1) / (zmax - zmin);
  for (let row = 0; row < height; row++) {
    const from = z[bottom < top ? height - 1 - row : row];
    for (let column = 0; column < width; column++) {
      const value = from?.[left < right ? column : width - 1 - column] ?? NaN;
      if (Number.isNaN(value)) continue;
      const shade = Math.round(Math.min(shades - 1, Math.max(0, (value - zmin) * perShade)));
      const at = 4 * (row * width + column);
      data[at] = colours[3 * shade] ?? 0;
      data[at + 1] = colours[3 * shade + 1] ?? 0;
      data[at + 2] = colours[3 * shade + 2] ?? 0;
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

let canvas: HTMLCanvasElement | null = null;

/** Puts the picture of a heat map in the place of the one that Plotly drew there; false where that cannot be done. */
export function repaint(place: Element, spec: PlotSpec): boolean {
  const image = place.querySelector(".heatmaplayer image");
  const pixels = image && pixelsOf(spec);
  if (!pixels) return false;
  canvas ??= document.createElement("canvas");
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  if (!drawing) return false;
  drawing.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
  image.setAttributeNS("http://www.w3.org/1999/xlink", "href", canvas.toDataURL());
  return true;
}
