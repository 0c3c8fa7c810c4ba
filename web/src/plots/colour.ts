/** Colour scales, made where lightness means something: OKLab, in which equal steps look equal. */

export type ColourScale = [number, string][];

function channel(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
}

/** Lightness 0…1, chroma, hue in degrees, as "rgb(r,g,b)". */
function oklch(lightness: number, chroma: number, hue: number): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s;
  return `rgb(${channel(red)},${channel(green)},${channel(blue)})`;
}

function scale(colour: (at: number) => string, steps = 16): ColourScale {
  return Array.from({ length: steps + 1 }, (_, index) => [index / steps, colour(index / steps)]);
}

/**
 * Rates: lightness falls evenly from paper to ink (rises from night to light in the dark theme), so that silence
 * looks like the page and the strongest activity stands out.
 */
export function sequential(dark: boolean): ColourScale {
  return dark ? sequentialDark : sequentialLight;
}

const night = (at: number) => oklch(0.2 + 0.74 * at, 0.02 + 0.36 * at * (1 - at) + 0.02 * at, 265 - 105 * at);
const paper = (at: number) =>
  oklch(0.985 - 0.735 * at, 0.005 + 0.38 * at * (1 - at) + 0.03 * at, 175 + 90 * at);
const sequentialDark = scale(night);
const sequentialLight = scale(paper);

/** Where the scale of rates begins to stand out from the page by a contrast of 3 to 1, which lines need. */
const firstLine = 0.45;

/** The colour of one of several lines in an order, along the scale of rates from where lines can be seen. */
export function lineShade(dark: boolean, index: number, count: number): string {
  const at = firstLine + ((1 - firstLine) * index) / Math.max(1, count - 1);
  return dark ? night(at) : paper(at);
}

/**
 * The colour of one of more channels than have colours of their own: from rose to violet, which no other line has, away
 * from the page all the way.
 */
export function channelShade(dark: boolean, index: number, count: number): string {
  const at = index / Math.max(1, count - 1);
  return dark
    ? oklch(0.56 + 0.34 * at, 0.14 - 0.06 * at, 285 + 70 * at)
    : oklch(0.64 - 0.34 * at, 0.15, 350 - 70 * at);
}

/**
 * The colour of a direction, as a share of a full turn: hues go around, so that the last and the first are neighbours, and
 * lightness rises from green to red and falls again, for those who do not see these two apart.
 */
export function directionShade(dark: boolean, turn: number): string {
  const hue = 360 * turn;
  const lightness = (dark ? 0.72 : 0.54) + 0.1 * Math.cos(((hue - lightest) * Math.PI) / 180);
  return oklch(lightness, dark ? 0.11 : 0.12, hue);
}

/** In degrees. */
const lightest = 350;

/** Weights and signed rates: blue below zero, white at zero, red above; both arms equally light at equal size. */
export const diverging: ColourScale = scale((at) => {
  const signed = 2 * at - 1;
  const size = Math.abs(signed);
  return size < 1e-9
    ? "rgb(255,255,255)"
    : oklch(1 - 0.58 * size ** 0.95, 0.165 * size ** 0.8, signed < 0 ? 252 : 29);
});

/** So much of one colour ("#rrggbb" or "#rgb") on the ground of another. */
export function blend(colour: string, ground: string, share: number): string {
  const [over, under] = [partsOf(colour), partsOf(ground)];
  if (!over || !under) return colour;
  const mixed = over.map((part, index) => Math.round(share * part + (1 - share) * (under[index] ?? 0)));
  return `rgb(${mixed.join(",")})`;
}

function partsOf(colour: string): number[] | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (!digits) return null;
  const size = digits.length / 3;
  return [0, 1, 2].map((part) => {
    const pair = digits.slice(part * size, (part + 1) * size);
    return parseInt(size === 1 ? pair + pair : pair, 16);
  });
}
