import { describe, expect, it } from "vitest";
import { binned } from "./bins";
import {
  fitPsychometric,
  probability,
  threshold,
  type Level,
  type NoCurve,
  type PsychometricCurve,
} from "./psychometric";
import { shareOf } from "./share";

describe("Wilson's interval", () => {
  it("has the known values", () => {
    // Newcombe 1998, table I, method 3.
    for (const [hits, count, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = shareOf(hits, count);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });

  it("stays within 0 and 1 and around what was measured", () => {
    for (const count of [1, 3, 1000])
      for (const hits of [0, 1, count]) {
        const { low, share, high } = shareOf(hits, count);
        expect([low >= 0, low <= share, share <= high, high <= 1]).toEqual([true, true, true, true]);
      }
  });

  it("has none without trials", () => {
    expect(shareOf(0, 0)).toEqual({ hits: 0, count: 0, share: NaN, low: NaN, high: NaN });
  });
});

describe("bins", () => {
  it("are the values where there are few", () => {
    expect(binned([1, 0, 1, 0, 0]).map(({ mean, members }) => [mean, members])).toEqual([
      [0, [1, 3, 4]],
      [1, [0, 2]],
    ]);
  });

  it("hold about equally many of values that are all different", () => {
    const bins = binned(
      Array.from({ length: 1000 }, (_, index) => ((index * 617) % 1000) ** 2),
      8,
    );
    expect(bins.map(({ members }) => members.length)).toEqual(Array(8).fill(125));
    expect(bins[0]).toMatchObject({ from: 0, to: 124 ** 2 });
  });

  it("keep equal values together", () => {
    const bins = binned([...Array<number>(50).fill(0), 1, 2, 3, 4, 5, 6, 7, 8, 9], 4);
    expect(bins[0]?.members).toHaveLength(50);
    expect(bins.flatMap(({ members }) => members)).toHaveLength(59);
    for (const [index, bin] of bins.slice(1).entries())
      expect(bin.from).toBeGreaterThan(bins[index]?.to ?? 0);
  });

  it("leave out what is no number", () => {
    expect(binned([NaN, 2, Infinity]).map(({ members }) => members)).toEqual([[1]]);
    expect(binned([])).toEqual([]);
  });
});

/** Uniform numbers that are the same in every run (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const places = [-0.6, -0.4, -0.2, -0.1, -0.05, -0.02, 0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6];

/** Choices drawn from a known curve. */
function drawn(curve: Partial<PsychometricCurve>, count: number, seed = 1): Level[] {
  const random = uniform(seed);
  const known = { midpoint: 0, slope: 20, lapseLow: 0, lapseHigh: 0, steep: false, ...curve };
  return places.map((x) => ({
    x,
    count,
    hits: Array.from({ length: count }, random).filter((at) => at < probability(known, x)).length,
  }));
}

function curveOf(fit: PsychometricCurve | NoCurve): PsychometricCurve {
  if (typeof fit === "string") throw new Error(`no curve: ${fit}`);
  return fit;
}

describe("the fit of a psychometric curve", () => {
  it("finds the parameters that the choices were drawn from", () => {
    const fit = curveOf(fitPsychometric(drawn({ midpoint: 0.06, slope: 20 }, 2000)));
    expect(fit.midpoint).toBeCloseTo(0.06, 2);
    expect(fit.slope / 20).toBeCloseTo(1, 1);
    expect([fit.lapseLow, fit.lapseHigh, fit.steep]).toEqual([0, 0, false]);
    expect(probability(fit, fit.midpoint + threshold(fit))).toBeCloseTo(0.75, 10);
  });

  it("solves the equations of the greatest likelihood", () => {
    const levels = drawn({ midpoint: -0.03, slope: 12 }, 40);
    const fit = curveOf(fitPsychometric(levels));
    const excess = levels.map(({ x, hits, count }) => hits - count * probability(fit, x));
    expect(excess.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 4);
    expect(excess.reduce((sum, one, index) => sum + one * (places[index] ?? 0), 0)).toBeCloseTo(0, 4);
  });

  it("finds curves that fall", () => {
    const fit = curveOf(fitPsychometric(drawn({ slope: -20 }, 500)));
    expect(fit.slope).toBeLessThan(-15);
    expect(threshold(fit)).toBeGreaterThan(0);
  });

  it("finds lapses where enough trials say so", () => {
    const fit = curveOf(fitPsychometric(drawn({ lapseLow: 0.1, lapseHigh: 0.2, slope: 30 }, 1000)));
    expect(fit.lapseLow).toBeCloseTo(0.1, 1);
    expect(fit.lapseHigh).toBeCloseTo(0.2, 1);
    expect(fit.slope / 30).toBeGreaterThan(0.75);
    expect(fit.slope / 30).toBeLessThan(1.3);
  });

  it("takes no lapses from a handful of trials", () => {
    const fit = curveOf(fitPsychometric(drawn({ lapseHigh: 0.03 }, 8)));
    expect([fit.lapseLow, fit.lapseHigh]).toEqual([0, 0]);
  });

  it("says that a step with lapses is steeper than the levels can tell", () => {
    const step = places.map((x) => ({ x, count: 200, hits: x < 0.03 ? 20 : 180 }));
    const fit = curveOf(fitPsychometric(step));
    expect(fit.steep).toBe(true);
    expect(fit.midpoint).toBeGreaterThan(0.02);
    expect(fit.midpoint).toBeLessThan(0.05);
    expect(fit.lapseLow).toBeCloseTo(0.1, 1);
  });

  it("says why there is none", () => {
    const choices = (hits: (x: number) => number, count = 30) =>
      fitPsychometric(places.map((x) => ({ x, count, hits: hits(x) })));
    expect(choices(() => 0)).toBe("constant");
    expect(choices(() => 30)).toBe("constant");
    expect(choices((x) => (x < 0 ? 0 : 30))).toBe("separated");
    expect(choices((x) => (x < 0 ? 30 : 0))).toBe("separated");
    // One mixed level between the two sides makes no finite slope either.
    expect(choices((x) => (x < 0 ? 0 : x > 0 ? 30 : 15))).toBe("separated");
    expect(choices(() => 15)).toBe("flat");
    expect(choices((x) => (x < 0 ? 0 : 1), 1)).toBe("few");
    expect(fitPsychometric([])).toBe("few");
    expect(
      fitPsychometric([
        { x: -1, hits: 3, count: 50 },
        { x: 1, hits: 48, count: 50 },
      ]),
    ).toBe("few");
  });

  it("stays finite whatever the choices are", () => {
    const random = uniform(7);
    for (let trial = 0; trial < 60; trial++) {
      const count = 1 + Math.floor(20 * random());
      const fit = fitPsychometric(
        places.map((x) => ({ x: 1000 * x, count, hits: Math.floor((count + 1) * random()) })),
      );
      if (typeof fit === "string") continue;
      expect(Number.isFinite(fit.midpoint) && Number.isFinite(fit.slope)).toBe(true);
      for (const x of places) expect(Math.abs(probability(fit, x) - 0.5)).toBeLessThanOrEqual(0.5);
    }
  });
});
