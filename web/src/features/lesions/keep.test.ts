import { load, type Engine } from "nullcline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withLesion } from "./keep";
import { cut } from "./parts";

/** With the engine itself: what a kept lesion promises is kept by training. */
describe("a lesion that is kept and trained on with", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load({ threads: 1 });
  });
  afterAll(() => {
    engine[Symbol.dispose]();
  });

  const N_rec = 12;
  const column = (data: Float32Array, columns: number, from: number) =>
    [...data].filter((_, index) => index % columns === from);

  for (const dale_ratio of [null, 0.8]) {
    it(`leaves the silenced unit silent and the cut connections cut${dale_ratio === null ? "" : " under Dale's law"}`, () => {
      const document = {
        nullcline: 1,
        task: { type: "PerceptualDiscrimination", T: 400, dt: 20, N_batch: 20 },
        network: { type: "Basic", N_rec, dale_ratio, autapses: false },
        training: { iterations: 30 },
      };
      using session = engine.open(document);
      session.step({ iterations: 10 });
      const { W_rec, W_out } = session.constraints();
      const parts = {
        units: [3],
        connectivity: cut(null, { from: [0, 1], to: [5, 6] }, N_rec),
        window: null,
      };
      const present = { rec: W_rec?.connectivity ?? null, out: W_out?.connectivity ?? null };
      using kept = engine.open(withLesion(document, parts, present, session.shape));
      kept.setWeights(session.weights("effective"));

      // At first it does what the lesion did.
      const trials = session.trials({ count: 5 });
      const { units, connectivity } = parts;
      const lesioned = session.run(trials, { lesion: { units, connectivity } });
      const run = kept.run(trials);
      expect(run.outputs).toEqual(lesioned.outputs);

      const before = kept.weights("effective").W_rec?.data;
      kept.step({ iterations: 30 });
      const now = kept.weights("effective");
      expect(now.W_rec?.data).not.toEqual(before);
      expect(column(now.W_rec?.data ?? new Float32Array(), N_rec, 3).every((weight) => weight === 0)).toBe(
        true,
      );
      expect(column(now.W_out?.data ?? new Float32Array(), N_rec, 3).every((weight) => weight === 0)).toBe(
        true,
      );
      for (const to of [5, 6])
        for (const from of [0, 1]) expect(Math.abs(now.W_rec?.data[to * N_rec + from] ?? NaN)).toBe(0);
      // What was missing before is missing still.
      expect(Math.abs(now.W_rec?.data[0] ?? NaN)).toBe(0);
    });
  }
});
