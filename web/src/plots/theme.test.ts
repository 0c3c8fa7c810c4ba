import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { context } from "../testing/plot-context";
import { channelShade, directionShade, lineShade } from "./colour";
import { conditionColour } from "./condition-means";
import type { PlotTheme } from "./theme";
import { nameColour } from "./traces";

const style = readFileSync(new URL("../app.css", import.meta.url), "utf8");

/** The custom properties of the style sheet's first rule for a selector. */
function themeOf(selector: string, dark: boolean): PlotTheme {
  const rule = style.slice(style.indexOf(`${selector} {`)).split("}")[0] ?? "";
  const colour = (name: string) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(rule)?.[1] ?? "none";
  return {
    ...context.theme,
    dark,
    ink: colour("ink"),
    inkSoft: colour("ink-soft"),
    surface: colour("surface"),
    accent: colour("accent"),
    channels: Array.from({ length: 7 }, (_, index) => colour(`channel-${index + 1}`)),
    excitatory: colour("excitatory"),
    inhibitory: colour("inhibitory"),
  };
}

function luminance(colour: string): number {
  const parts = colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/\d+/g) ?? []).map(Number);
  const [red = NaN, green = NaN, blue = NaN] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = NaN, high = NaN] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

describe.each([
  ["light", themeOf(":root", false)],
  ["dark", themeOf(':root[data-theme="dark"]', true)],
])("lines on the %s page", (_, theme) => {
  const { ink, inkSoft, surface, accent, channels, excitatory, inhibitory, dark } = theme;
  const weakest = (colours: string[]) => Math.min(...colours.map((colour) => contrast(colour, surface)));
  const all = (count: number, colour: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => colour(index));

  it("stand out by 3 to 1 in every colour of the theme", () => {
    expect(weakest([ink, inkSoft, accent, ...channels, excitatory, inhibitory])).toBeGreaterThanOrEqual(3);
  });

  it("have names in their colours that stand out by 4.5 to 1", () => {
    const names = channels.map((colour) => nameColour(colour, { ...context, theme }));
    expect(weakest(names)).toBeGreaterThanOrEqual(4.5);
    expect(new Set(names).size).toBe(channels.length);
  });

  it("stand out by 3 to 1 along the scales of conditions and of channels", () => {
    for (const count of [1, 2, 4, 8, 12])
      expect(weakest(all(count, (index) => lineShade(dark, index, count)))).toBeGreaterThanOrEqual(3);
    const shades = all(64, (index) => channelShade(dark, index, 64));
    expect(weakest(shades)).toBeGreaterThanOrEqual(3);
    expect(new Set(shades).size).toBe(64);
    const around = all(64, (index) => directionShade(dark, index / 64));
    expect(weakest(around)).toBeGreaterThanOrEqual(3);
    expect(new Set(around).size).toBe(64);
  });

  it("stand out by 3 to 1 for every sign and strength of a signal", () => {
    const conditions = [-4, -2, -1, 0, 1, 2, 4].map((value) => ({ label: "", count: 1, value }));
    const colours = all(7, (index) =>
      conditionColour({ signed: true, choice: false, turn: null, conditions }, index, { ...context, theme }),
    );
    expect(weakest(colours)).toBeGreaterThanOrEqual(3);
    expect(new Set(colours).size).toBe(7);
  });
});
