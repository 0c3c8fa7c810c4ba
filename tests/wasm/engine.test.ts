import { load, type Engine, type Schema, type Session } from "nullcline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import hashes from "../golden/hashes.json" with { type: "json" };
import { failureOf, helloWorld, small } from "./support.js";

/** The compiler sees to it that these are those of the type. */
const keywords: { [Keyword in keyof Required<Schema>]: true } = {
  $schema: true,
  $ref: true,
  $defs: true,
  title: true,
  description: true,
  type: true,
  const: true,
  enum: true,
  default: true,
  minimum: true,
  maximum: true,
  exclusiveMinimum: true,
  exclusiveMaximum: true,
  maxLength: true,
  minItems: true,
  maxItems: true,
  items: true,
  properties: true,
  required: true,
  additionalProperties: true,
  oneOf: true,
  anyOf: true,
  "x-unit": true,
  "x-symbol": true,
  "x-reference": true,
  "x-aliases": true,
  "x-advanced": true,
  "x-only-with": true,
  "x-circular": true,
};

const buildNames = ["one thread", "two threads"] as const;

describe.each(buildNames)("the engine in Node with %s", (name) => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await load({ threads: name === "one thread" ? 1 : 2 });
  });

  afterAll(() => {
    expect(engine.handles()).toBe(0);
    engine[Symbol.dispose]();
  });

  const opened = (document = small()): Session => engine.open(document);

  it("says which build runs, and why", () => {
    expect(engine.build.threads).toBe(name === "one thread" ? 1 : 2);
    expect(engine.build.arithmetic).toBe("plain");
    expect(engine.build.reasons).toHaveLength(2);
    expect(engine.build.numerics).toBe(1);
  });

  it("trains Hello World to the bits of the numerics contract", () => {
    using session = opened(helloWorld());
    session.step({ iterations: 50 });
    expect(session.hash()).toBe(hashes.hello_world_after_50_iterations.plain);
  });

  it("describes every type with a default for every optional field", () => {
    const schema = engine.describe();
    expect(Object.keys(schema.$defs?.task ?? {})).toContain("PerceptualDiscrimination");
    for (const types of Object.values(schema.$defs ?? {})) {
      for (const [type, { properties = {}, required = [] }] of Object.entries(types)) {
        for (const [field, property] of Object.entries(properties)) {
          const optional = !required.includes(field);
          expect(property.default !== undefined, `${type}.${field}`).toBe(optional);
        }
      }
    }
  });

  it("describes by keywords that its type knows", () => {
    const unknown = new Set<string>();
    const visit = (schema: Schema): void => {
      for (const keyword of Object.keys(schema)) if (!(keyword in keywords)) unknown.add(keyword);
      const { properties = {}, items, oneOf = [], anyOf = [], additionalProperties } = schema;
      [...Object.values(properties), ...oneOf, ...anyOf].forEach(visit);
      if (items !== undefined) visit(items);
      if (typeof additionalProperties === "object") visit(additionalProperties);
    };
    const schema = engine.describe();
    visit(schema);
    for (const types of Object.values(schema.$defs ?? {})) Object.values(types).forEach(visit);
    expect([...unknown]).toEqual([]);
  });

  it("checks documents: all problems at once, each with its path", () => {
    const { problems, document, shape } = engine.check({
      nullcline: 1,
      task: { type: "PerceptualDiscrimination", dt: -1, coherance: 0.3 },
      network: { type: "Basic", N_rec: "many" },
    });
    expect(problems.map(({ path }) => path).sort()).toEqual(["network.N_rec", "task.coherance", "task.dt"]);
    expect(problems.find(({ path }) => path === "task.coherance")?.hint).toContain("coherence");
    expect(document).toBeNull();
    expect(shape).toBeNull();
  });

  it("resolves a valid document and says its sizes", () => {
    const { problems, document, shape } = engine.check(JSON.stringify(helloWorld()));
    expect(problems).toEqual([]);
    expect(document).toMatchObject({ seed: 1, training: { training_iters: 50000, learning_rate: 0.001 } });
    expect(shape).toMatchObject({
      N_in: 2,
      N_rec: 50,
      N_out: 2,
      N_steps: 200,
      N_batch: 128,
      iterations: 391,
    });
  });

  it("throws an Error with code, path and hint where a document is not valid", async () => {
    const failure = await failureOf(() => engine.open(small({ task: { tua: 100 } })));
    expect(failure).toMatchObject({ code: "unknown_field", path: "task.tua" });
    expect(failure.hint).toContain("tau");
    expect((await failureOf(() => engine.open("{"))).code).toBe("not_json");
    expect(engine.handles()).toBe(0);
  });

  it("trains in slices: whole iterations, at least one, to the bits of one go", () => {
    using whole = opened();
    whole.step({ iterations: 60 });
    using sliced = opened();
    let last = sliced.step({ milliseconds: 0 });
    expect(last.iteration).toBe(1);
    while (last.state === "training") last = sliced.step({ milliseconds: 1 });
    expect(last.state).toBe("finished");
    expect(sliced.hash()).toBe(whole.hash());
  });

  it("reports each point of the learning curve once", () => {
    using session = opened();
    const first = session.step({ iterations: 12 }).history;
    const second = session.step({ iterations: 1000 }).history;
    expect(first.map(({ iteration }) => iteration)).toEqual([5, 10]);
    expect(second[0]?.iteration).toBe(15);
    expect(session.progress().history).toEqual([...first, ...second]);
    for (const { loss, accuracy } of [...first, ...second]) {
      expect(loss).toBeGreaterThan(0);
      expect(accuracy).toBeGreaterThanOrEqual(0);
      expect(accuracy).toBeLessThanOrEqual(1);
    }
  });

  it("draws the same trials for the same number, and leaves training alone", () => {
    using disturbed = opened();
    using quiet = opened();
    disturbed.step({ iterations: 20 });
    const trials = disturbed.trials({ count: 5, draw: 3 });
    expect(disturbed.trials({ count: 9, draw: 3 }).x.slice(0, trials.x.length)).toEqual(trials.x);
    expect(disturbed.trials({ count: 5, draw: 4 }).x).not.toEqual(trials.x);
    disturbed.test(50);
    disturbed.run(trials);
    disturbed.step({ iterations: 20 });
    quiet.step({ iterations: 40 });
    expect(disturbed.hash()).toBe(quiet.hash());
  });

  it("makes the trials that are asked for", async () => {
    using session = opened();
    const params = [{ coherence: 0.5, direction: 1, onset_time: 100, stim_duration: 100 }, {}];
    const trials = session.trials({ count: 2, params, noise: false });
    expect(trials.params[0]).toMatchObject(params[0] ?? {});
    expect(trials.epochs[0]).toEqual([
      { name: "fixation", from: 0, to: 100 },
      { name: "stimulus", from: 100, to: 200 },
      { name: "response", from: 200, to: 400 },
    ]);
    const atStep = (step: number): number[] => [...trials.x.slice(2 * step, 2 * step + 2)];
    expect(atStep(5)).toEqual([0, 0]);
    expect(atStep(6)).toEqual([1, 1.5]);
    const failure = await failureOf(() => session.trials({ count: 1, params: [{ coherance: 1 }] }));
    expect(failure).toMatchObject({ code: "unknown_field", path: "params[0].coherance" });
    for (const direction of [0.5, 2, -1]) {
      const refused = await failureOf(() => session.trials({ count: 1, params: [{ direction }] }));
      expect(refused).toMatchObject({ code: "out_of_range", path: "params[0].direction" });
    }
    for (const draw of [-1, 0.5, NaN, 2 ** 31]) {
      expect(await failureOf(() => session.trials({ count: 1, draw }))).toMatchObject({
        code: "out_of_range",
      });
      expect(await failureOf(() => session.test(1, draw))).toMatchObject({ code: "out_of_range" });
    }
    for (const count of [0, -1, 1.5, NaN, 1e10]) {
      expect((await failureOf(() => session.trials({ count }))).code).toBe("out_of_range");
    }
  });

  it("runs the network: outputs and rates follow from states and weights", () => {
    using session = opened();
    session.step({ iterations: 10 });
    const trials = session.trials({ count: 3 });
    const { outputs, states, rates, correct, N_rec, N_out } = session.run(trials);
    const { W_out, b_out } = session.weights("effective");
    expect(correct).toHaveLength(3);
    expect(rates).toEqual(states.map((state) => Math.max(state, 0)));
    for (const row of [0, 7, 3 * trials.N_steps - 1]) {
      for (let channel = 0; channel < N_out; ++channel) {
        let sum = b_out?.data[channel] ?? NaN;
        for (let unit = 0; unit < N_rec; ++unit)
          sum += (W_out?.data[channel * N_rec + unit] ?? NaN) * (rates[row * N_rec + unit] ?? NaN);
        expect(outputs[row * N_out + channel]).toBeCloseTo(sum, 5);
      }
    }
  });

  it("refuses trials whose shape does not fit", async () => {
    using session = opened();
    const trials = session.trials({ count: 2 });
    const failure = await failureOf(() => session.run({ ...trials, x: trials.x.slice(1) }));
    expect(failure).toMatchObject({ code: "wrong_shape", path: "x" });
  });

  it("refuses a run whose result would not fit into memory, and goes on", async () => {
    using session = opened(small({ network: { N_rec: 1000 } }));
    const count = 60_000;
    const N_steps = 20;
    const empty = new Float32Array();
    const x = new Float32Array(count * N_steps * 2);
    const trials = { count, N_steps, N_in: 2, N_out: 2, x, y: empty, mask: empty, params: [], epochs: [] };
    expect((await failureOf(() => session.run(trials))).code).toBe("too_large");
    expect(session.test(10).count).toBe(10);
  });

  it("gives weights as copies that stay as they are", () => {
    using session = opened();
    const before = session.weights("raw").W_rec;
    expect(before).toMatchObject({ rows: 12, columns: 12 });
    const kept = before?.data.slice();
    session.step({ iterations: 5 });
    expect(before?.data).toEqual(kept);
    expect(session.weights("raw").W_rec?.data).not.toEqual(kept);
    expect(before?.data.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it("goes back to the start, to the same run", () => {
    using session = opened();
    const start = session.hash();
    session.step({ iterations: 30 });
    const after = session.hash();
    session.reset();
    expect(session.hash()).toBe(start);
    expect(session.progress()).toMatchObject({ state: "ready", iteration: 0, history: [] });
    session.step({ iterations: 30 });
    expect(session.hash()).toBe(after);
  });

  it("stops with a diagnosis when training diverges, with the last good weights", () => {
    const training = { learning_rate: 10, clip_grads: false, iterations: 500 };
    const initializer = { type: "GaussianSpectralRadius", spec_rad: 50 };
    using session = opened(small({ training, network: { transfer_function: "identity", initializer } }));
    const progress = session.step({ iterations: 500 });
    expect(progress.state).toBe("diverged");
    expect(progress.problem?.message).toMatch(/iteration \d+.*last good weights/s);
    for (const { data } of Object.values(session.weights("raw"))) {
      expect(data.every((weight) => Number.isFinite(weight))).toBe(true);
    }
  });

  it("leaks no handle and no memory over many sessions", async () => {
    const useAll = async (): Promise<void> => {
      using session = opened();
      session.step({ iterations: 1 });
      const trials = session.trials({ count: 4 });
      session.run(trials, { lesion: { units: [1] } });
      session.runAutonomously({ steps: 5 });
      session.setWeights(session.weights("raw"));
      session.importWeights(session.exportWeights());
      session.restoreState(session.saveState());
      await failureOf(() => session.run(trials, { lesion: { units: [99] } }));
      await failureOf(() => session.importWeights(session.saveState()));
    };
    for (let i = 0; i < 20; ++i) await useAll();
    const settled = engine.memory();
    for (let i = 0; i < 300; ++i) await useAll();
    expect(engine.handles()).toBe(0);
    expect(engine.memory()).toBe(settled);
  });

  it("answers a disposed session with an error, and disposing twice with nothing", async () => {
    const session = opened();
    session[Symbol.dispose]();
    session[Symbol.dispose]();
    expect((await failureOf(() => session.hash())).code).toBe("disposed");
    expect((await failureOf(() => session.step({ iterations: 1 }))).code).toBe("disposed");
  });
});

describe("loading", () => {
  it("says where the engine was looked for when it is not there", async () => {
    const failure = await failureOf(() => load({ engineUrl: new URL("file:///nowhere/"), threads: 1 }));
    expect(failure.code).toBe("not_loaded");
    expect(failure.message).toMatch(/[^.]\.$/);
    expect(failure.message).toContain("/nowhere/nullcline-");
  });

  it("refuses fused arithmetic where there is none", async () => {
    expect((await failureOf(() => load({ arithmetic: "fused" }))).code).toBe("not_available");
  });

  it("disposes of the sessions that are open with their engine", async () => {
    const engine = await load({ threads: 1 });
    const session = engine.open(small());
    engine[Symbol.dispose]();
    expect(engine.handles()).toBe(0);
    expect((await failureOf(() => session.hash())).code).toBe("disposed");
    expect((await failureOf(() => engine.describe())).code).toBe("disposed");
  });
});
