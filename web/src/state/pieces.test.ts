import type { Run, RunOptions, Trials } from "nullcline";
import { describe, expect, it } from "vitest";
import { measureSurvival } from "../features/links/survival";
import { FakeEngine, type FakeSession } from "../testing/fake-engine";
import { drawsApart, firstDraw } from "./draws";
import { pieceSize, piecesOf, runInPieces } from "./pieces";

describe("pieces", () => {
  it("are few enough trials to be run at once, side by side where they can be", () => {
    expect(pieceSize({ N_steps: 200, N_rec: 50 })).toBe(96);
    expect(pieceSize({ N_steps: 200, N_rec: 150 })).toBe(48);
    expect(pieceSize({ N_steps: 200, N_rec: 1000 })).toBe(8);
    expect(pieceSize({ N_steps: 1e6, N_rec: 4096 })).toBe(1);
  });

  it("have draws of their own, and their own part of the parameters", () => {
    const shape = { N_steps: 800, N_rec: 1000 };
    expect(piecesOf(5, shape, 10)).toEqual([
      { count: 2, draw: 10 },
      { count: 2, draw: 11 },
      { count: 1, draw: 12 },
    ]);
    const params = [{ a: 1 }, { a: 2 }, { a: 3 }];
    expect(piecesOf(3, shape, 0, params).map((piece) => piece.params)).toEqual([
      params.slice(0, 2),
      [{ a: 3 }],
    ]);
    expect(piecesOf(0, shape, 10, [])).toEqual([]);
  });

  it("never need more draws than there are before those of something else", () => {
    const most = piecesOf(1000, { N_steps: 1e6, N_rec: 4096 }, 0).length;
    expect(most).toBeLessThan(drawsApart / 2);
    expect(firstDraw.behaviour).toBe(Math.max(...Object.values(firstDraw)));
  });
});

/** Networks with recurrent noise, and the noise of each run in its order. */
async function noisy() {
  const engine = new FakeEngine();
  const noises: (Float32Array | undefined)[][] = [];
  engine.prepare = (session: FakeSession) => {
    const heard: (typeof noises)[number] = [];
    noises.push(heard);
    const run = session.run.bind(session);
    session.run = (trials: Trials, options?: RunOptions): Promise<Run> => {
      heard.push(options?.noise);
      return run(trials, options);
    };
  };
  const session = await engine.open({
    nullcline: 1,
    task: { type: "Choice" },
    network: { type: "Plain", rec_noise: 0.1 },
  });
  return { engine, session, noises };
}

describe("recurrent noise", () => {
  it("is the same with a lesion and without, and another one in each piece", async () => {
    const { session, noises } = await noisy();
    const trials = await session.trials({ count: 100 });
    const firsts: number[] = [];
    for (const lesion of [null, { units: [1] }])
      await runInPieces(session, trials, { draw: firstDraw.lesions, lesion }, (_, first) =>
        firsts.push(first),
      );
    const [one, two, lesioned] = noises[0] ?? [];
    expect(firsts).toEqual([0, 96, 0, 96]);
    expect(lesioned).toEqual(one);
    expect(two).not.toEqual(one?.slice(0, two?.length));
  });

  it("is the same before rounding and after, and never comes again", async () => {
    const { engine, session, noises } = await noisy();
    const survival = await measureSurvival(session, engine, await session.weights("raw"), {});
    expect(survival.trials).toBe(1000);
    const [before = [], after] = noises;
    expect(after).toEqual(before);
    expect(new Set(before.map((noise) => noise?.[0])).size).toBe(11);
  });
});
