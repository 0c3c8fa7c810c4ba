import { load, type Engine, type Lesion, type Session } from "nullcline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, small } from "./support.js";

const N_rec = 12;
const N_steps = 20;
const dt = 20;

describe("simulation", () => {
  let engine: Engine;
  let session: Session;

  beforeAll(async () => {
    engine = await load({ threads: 1 });
    session = engine.open(small({ network: { rec_noise: 0.1 } }));
    session.step({ iterations: 20 });
  });

  afterAll(() => {
    session[Symbol.dispose]();
    expect(engine.handles()).toBe(0);
    engine[Symbol.dispose]();
  });

  /** The same network without the connections that leave these units. */
  function silenced(units: number[]): Session {
    const other = engine.open(small({ network: { rec_noise: 0.1 } }));
    const weights = session.weights("effective");
    for (const name of ["W_rec", "W_out"]) {
      const { columns, data } = weights[name] ?? { columns: 0, data: new Float32Array() };
      data.forEach((_, i) => {
        if (units.includes(i % columns)) data[i] = 0;
      });
    }
    other.setWeights(weights);
    return other;
  }

  it("of lesioned units is that of a network without their connections", () => {
    const trials = session.trials({ count: 9 });
    using without = silenced([1, 7]);
    const lesioned = session.run(trials, { lesion: { units: [1, 7] } });
    const reference = without.run(trials);
    expect(lesioned).toEqual(reference);
    expect(lesioned.outputs).not.toEqual(session.run(trials).outputs);
    expect(session.run(trials, { lesion: { units: [] } })).toEqual(session.run(trials));
  });

  it("without a lesion is that of the whole network", async () => {
    const trials = session.trials({ count: 2 });
    const whole = session.run(trials);
    const free = session.runAutonomously({ steps: 7 });
    for (const lesion of [null, undefined]) {
      expect(session.run(trials, { lesion })).toEqual(whole);
      expect(session.runAutonomously({ steps: 7, lesion })).toEqual(free);
    }
    const wrong = "all" as unknown as Lesion;
    expect(await failureOf(() => session.run(trials, { lesion: wrong }))).toMatchObject({
      code: "wrong_type",
      message: "lesion must be an object; found string.",
    });
  });

  it("of units lesioned in a window is whole before it", () => {
    const trials = session.trials({ count: 2 });
    const whole = session.run(trials);
    const { outputs } = session.run(trials, { lesion: { units: [3], window: [200, 300] } });
    const first = 200 / dt;
    const trial = whole.outputs.subarray(0, N_steps * 2);
    expect(outputs.subarray(0, first * 2 - 2)).toEqual(trial.subarray(0, first * 2 - 2));
    expect(outputs.subarray(0, N_steps * 2)).not.toEqual(trial);
    const always = { units: [3], window: [0, N_steps * dt] as [number, number] };
    expect(session.run(trials, { lesion: always })).toEqual(session.run(trials, { lesion: { units: [3] } }));
  });

  it("with a connectivity is that of W_rec multiplied by it, at all steps or step by step", () => {
    const trials = session.trials({ count: 3 });
    const connectivity = Float32Array.from({ length: N_rec * N_rec }, (_, i) => (i % 5 === 0 ? 0 : 1));
    using without = engine.open(small({ network: { rec_noise: 0.1 } }));
    const weights = session.weights("effective");
    weights.W_rec?.data.forEach((weight, i, data) => {
      data[i] = weight * (connectivity[i] ?? NaN);
    });
    without.setWeights(weights);
    const reference = without.run(trials);
    expect(session.run(trials, { lesion: { connectivity } })).toEqual(reference);
    const tConnectivity = new Float32Array(N_steps * N_rec * N_rec);
    for (let step = 0; step < N_steps; ++step) tConnectivity.set(connectivity, step * connectivity.length);
    expect(session.run(trials, { lesion: { tConnectivity } })).toEqual(reference);
    tConnectivity.fill(1);
    expect(session.run(trials, { lesion: { tConnectivity } })).toEqual(session.run(trials));
  });

  it("takes the recurrent noise that is given", async () => {
    const trials = session.trials({ count: 3 });
    const noise = new Float32Array(N_steps * 3 * N_rec);
    using quiet = engine.open(small());
    quiet.setWeights(session.weights("raw"));
    expect(session.run(trials, { noise })).toEqual(quiet.run(trials));
    noise[(5 * 3 + 1) * N_rec + 2] = 1; // step 5, trial 1, unit 2
    const { states } = session.run(trials, { noise });
    const reference = quiet.run(trials).states;
    const different = [...states.keys()].filter((i) => states[i] !== reference[i]);
    expect(different[0]).toBe((N_steps + 5) * N_rec + 2);
    expect(different.every((i) => Math.floor(i / (N_steps * N_rec)) === 1)).toBe(true);
    expect(session.run(trials)).not.toEqual(quiet.run(trials));
    expect(await failureOf(() => session.run(trials, { noise: noise.slice(1) }))).toMatchObject({
      code: "wrong_shape",
      path: "noise",
    });
  });

  it("goes on without input, whole or lesioned", async () => {
    const count = 2;
    const steps = 33;
    const free = session.runAutonomously({ count, steps });
    expect(free).toMatchObject({ count, N_steps: steps, N_rec, N_out: 2 });
    expect(free.states).toHaveLength(count * steps * N_rec);
    expect([...free.correct]).toEqual([-1, -1]);
    const empty = new Float32Array();
    const x = new Float32Array(count * steps * 2);
    const given = {
      count,
      N_steps: steps,
      N_in: 2,
      N_out: 2,
      x,
      y: empty,
      mask: empty,
      params: [],
      epochs: [],
    };
    expect(free).toEqual(session.run(given));
    expect(session.runAutonomously({ steps }).count).toBe(1);
    const lesion = { units: [0, 1, 2] };
    expect(session.runAutonomously({ count, steps, lesion })).toEqual(session.run(given, { lesion }));
    expect((await failureOf(() => session.runAutonomously({ steps: 0 }))).code).toBe("wrong_shape");
    expect((await failureOf(() => session.runAutonomously({ steps: -1 }))).code).toBe("out_of_range");
  });

  it("refuses lesions that do not fit", async () => {
    const trials = session.trials({ count: 1 });
    const refused = async (lesion: Lesion): Promise<string> =>
      (await failureOf(() => session.run(trials, { lesion }))).message;
    expect(await refused({ units: [12] })).toBe("lesion: units must be numbers from 0 to 11; found 12.");
    expect(await refused({ units: [1.5] })).toContain("must hold numbers of units");
    expect(await refused({ units: [NaN] })).toContain("not a finite number");
    expect(await refused({ units: [1], window: [300, 200] })).toContain("must begin before it ends");
    expect(await refused({ connectivity: new Float32Array(7) })).toBe(
      "lesion: connectivity has the shape (12, 12), but 7 values.",
    );
    expect(await refused({ tConnectivity: new Float32Array(144) })).toContain("(20, 12, 12), but 144 values");
    const all = new Float32Array(144);
    expect(await refused({ connectivity: all, tConnectivity: new Float32Array(20 * 144) })).toContain(
      "either t_connectivity or connectivity",
    );
    expect(await refused({})).toContain("must hold t_connectivity, connectivity or units");
  });
});
