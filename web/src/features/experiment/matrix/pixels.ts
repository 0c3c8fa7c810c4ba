import type { Matrix } from "nullcline";
import { diverging } from "../../../plots/colour";

const colours = diverging.map(([, text]) => (text.match(/\d+/g) ?? []).map(Number));

/** A matrix as a picture of one pixel a cell, RGBA: masks as ink on nothing, numbers from blue over white to red. */
export function pixelsOf(matrix: Matrix, mask: boolean): Uint8ClampedArray<ArrayBuffer> {
  const { data } = matrix;
  const pixels = new Uint8ClampedArray(4 * data.length);
  let largest = 0;
  for (const value of data) largest = Math.max(largest, Math.abs(value));
  data.forEach((value, index) => {
    const share = largest === 0 ? 0 : value / largest;
    if (mask) pixels[4 * index + 3] = 255 * Math.abs(share);
    else pixels.set([...colourOf(share), 255], 4 * index);
  });
  return pixels;
}

/** The colour of a share from -1 to 1. */
function colourOf(share: number): number[] {
  const place = ((share + 1) / 2) * (colours.length - 1);
  const below = colours[Math.floor(place)] ?? [];
  const above = colours[Math.ceil(place)] ?? [];
  return below.map((part, index) => part + ((above[index] ?? part) - part) * (place - Math.floor(place)));
}
