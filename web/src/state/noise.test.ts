import { load, type Engine } from "nullcline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { noiseOf } from "./noise";

let engine: Engine;
beforeAll(async () => {
  engine = await load({ threads: 1 });
});
afterAll(() => {
  engine[Symbol.dispose]();
});

const opened = (rec_noise: number) =>
  engine.open({
    nullcline: 1,
    task: { type: "PerceptualDiscrimination", T: 200, dt: 20 },
    network: { type: "Basic", N_rec: 5, rec_noise },
  });

it("is another one in every call, and as strong as the engine's own", async () => {
  using session = opened(0.5);
  const trials = session.trials({ count: 200, noise: false });
  const rates = async (draw: number) => session.run(trials, await noiseOf(session, 200, draw)).rates;
  const [one, again, other] = [await rates(1), await rates(1), await rates(2)];
  expect(one).toEqual(again);
  expect(one).not.toEqual(other);
  const spread = (values: Float32Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  };
  expect(spread(one) / spread(session.run(trials).rates)).toBeCloseTo(1, 1);
});

it("is none where the network has none", async () => {
  using session = opened(0);
  expect(await noiseOf(session, 10, 1)).toEqual({});
});
