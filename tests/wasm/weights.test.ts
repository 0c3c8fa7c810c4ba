import { spawnSync } from "node:child_process";
import type { ExperimentDocument, Session, Weights } from "nullcline";
import { describe, expect, it } from "vitest";
import {
  deviation,
  golden,
  goldenBytes,
  membersOf,
  npy,
  npz,
  parseNpy,
  pickled,
  without as withoutKey,
} from "./arrays.js";
import { engineOfTheGroup, failureOf, small } from "./support.js";

const hasNumPy = spawnSync("/usr/bin/python3", ["-c", "import numpy"]).status === 0;

describe("weights", () => {
  const engine = engineOfTheGroup();

  const constrained = (): ExperimentDocument =>
    small({
      network: {
        dale_ratio: 0.75,
        autapses: false,
        rec_connectivity: { pattern: "random", density: 0.5, seed: 3 },
      },
    });
  const psychrnn = (): ExperimentDocument =>
    small({ task: { dt: 20, tau: 100, T: 1000 }, network: { N_rec: 30 } });
  const outputs = (session: Session): Float32Array => session.run(session.trials({ count: 3 })).outputs;

  it("are taken back as they were given: some or all, raw or effective", () => {
    using trained = engine().open(constrained());
    trained.step({ iterations: 20 });
    using other = engine().open(constrained());
    for (const kind of ["raw", "effective"] as const) {
      other.setWeights(trained.weights(kind));
      expect(other.weights("effective")).toEqual(trained.weights("effective"));
      expect(outputs(other)).toEqual(outputs(trained));
    }
    other.setWeights(trained.weights("raw"));
    expect(other.hash()).toBe(trained.hash());

    const before = other.weights("raw");
    other.setWeights({ b_out: { rows: 2, columns: 1, data: [0.5, -0.25] } });
    expect(other.weights("raw")).toEqual({
      ...before,
      b_out: { rows: 2, columns: 1, data: Float32Array.of(0.5, -0.25) },
    });
  });

  it("are held by constraints that can be looked at", () => {
    using session = engine().open({
      ...constrained(),
      training: { iterations: 60, fixed_weights: { W_out: [Array(12).fill(1), Array(12).fill(0)] } },
    });
    const { W_rec, W_in, W_out } = session.constraints();
    const weights = session.weights("effective").W_rec;
    expect(W_rec?.connectivity).toHaveLength(144);
    expect(W_rec?.signs).toEqual(Float32Array.from({ length: 12 }, (_, unit) => (unit < 9 ? 1 : -1)));
    W_rec?.connectivity?.forEach((connected, index) => {
      if (index % 13 === 0) expect(connected).toBe(0);
      if (connected === 0) expect(Math.abs(weights?.data[index] ?? NaN)).toBe(0);
      expect(W_rec.fixed?.[index]).toBe(1 - connected);
    });
    expect(W_in).toMatchObject({ connectivity: null, signs: Float32Array.of(1, 1) }); // inputs excite
    expect([...(W_out?.fixed ?? [])]).toEqual([...Array<number>(12).fill(1), ...Array<number>(12).fill(0)]);
    using free = engine().open(small());
    expect(free.constraints().W_rec).toEqual({ connectivity: null, signs: null, fixed: null });
  });

  it("have eigenvalues", async () => {
    const rotation = { rows: 2, columns: 2, data: Float32Array.of(0, -2, 2, 0) };
    const { re, im } = engine().eigenvalues(rotation);
    expect([...re]).toEqual([0, 0]);
    expect([...im].sort((a, b) => a - b)).toEqual([-2, 2]);
    const broken = { ...rotation, data: Float32Array.of(0, NaN, 2, 0) };
    expect(engine().eigenvalues(broken).re).toHaveLength(0);
    const flat = { rows: 1, columns: 2, data: Float32Array.of(1, 2) };
    expect(await failureOf(() => engine().eigenvalues(flat))).toMatchObject({ code: "wrong_shape" });
  });

  it("that were set are those that the run begins with, and that reset goes back to", () => {
    using session = engine().open(small());
    session.step({ iterations: 30 });
    session.setWeights(session.weights("raw"));
    const start = session.hash();
    expect(session.progress()).toMatchObject({ state: "ready", iteration: 0, history: [] });
    const first = session.step({ iterations: 10 });
    expect(first.history.map(({ iteration }) => iteration)).toEqual([5, 10]);
    expect(session.hash()).not.toBe(start);
    session.reset();
    expect(session.hash()).toBe(start);
  });

  it("that do not fit are refused, and nothing changes", async () => {
    using session = engine().open(small());
    session.step({ iterations: 5 });
    const before = session.hash();
    const values = (rows: number, columns: number, value = 0): Weights[string] => ({
      rows,
      columns,
      data: new Float32Array(rows * columns).fill(value),
    });
    const refused = async (weights: Weights): Promise<string> => {
      const failure = await failureOf(() => {
        session.setWeights(weights);
      });
      return `${failure.code}: ${failure.message}`;
    };
    expect(await refused({ W_rec: values(3, 3) })).toBe(
      "wrong_shape: weights: W_rec must have the shape (12, 12); found (3, 3).",
    );
    expect(await refused({ W_in: values(2, 12) })).toContain("must have the shape (12, 2); found (2, 12)");
    expect(await refused({ W_rec: { ...values(12, 12), data: new Float32Array(7) } })).toBe(
      "wrong_shape: weights: W_rec has the shape (12, 12), but 7 values.",
    );
    expect(await refused({ W_rec: values(12, 12, NaN) })).toContain("not a finite number");
    expect(await refused({ b_rec: values(12, 1), W_req: values(12, 12) })).toBe(
      "unknown_field: weights: W_req is not a variable of this network, which has W_in, W_rec, W_out, b_rec, b_out and init_state.",
    );
    expect(await refused({})).toContain("at least one variable");
    expect(await refused({ W_rec: { ...values(12, 12), rows: 12.5 } })).toContain("out_of_range");
    expect(session.hash()).toBe(before);
    expect(session.progress().iteration).toBe(5);
  });

  it.each([false, true])("go through a file to the same network (deflated: %s)", (compress) => {
    using trained = engine().open(constrained());
    trained.step({ iterations: 20 });
    const file = trained.exportWeights({ compress });
    const arrays = membersOf(file);
    expect(Object.keys(arrays).sort()).toEqual(
      [
        ...["Dale_out", "Dale_rec", "W_in", "W_out", "W_rec", "b_out", "b_rec", "dale_ratio", "init_state"],
        ...["input_connectivity", "output_connectivity", "rec_connectivity"],
      ].sort(),
    );
    expect(parseNpy(arrays.W_rec ?? file).shape).toEqual([12, 12]);
    expect(parseNpy(arrays.dale_ratio ?? file)).toEqual({ shape: [], values: [0.75] });
    using other = engine().open(constrained());
    expect(other.importWeights(file, "w.npz")).toEqual([]);
    expect(other.weights("effective")).toEqual(trained.weights("effective"));
    expect(outputs(other)).toEqual(outputs(trained));
  });

  it("of an LSTM go through a file to the same bits", () => {
    const document = small({ network: { type: "LSTM", N_rec: 6 } });
    using trained = engine().open(document);
    trained.step({ iterations: 10 });
    const file = trained.exportWeights();
    expect(Object.keys(membersOf(file))).toEqual(expect.arrayContaining(["W_f", "b_c", "init_hidden"]));
    using other = engine().open(document);
    expect(other.importWeights(file)).toEqual([]);
    expect(other.hash()).toBe(trained.hash());
    expect(outputs(other)).toEqual(outputs(trained));
  });

  it.runIf(hasNumPy)("load in NumPy without pickle", () => {
    using session = engine().open(constrained());
    for (const compress of [false, true]) {
      const script = `
import io, sys, numpy
arrays = numpy.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
assert arrays["W_rec"].shape == (12, 12) and arrays["W_rec"].dtype == numpy.float32
print(len(arrays.files), float(arrays["dale_ratio"]), float(abs(arrays["W_rec"]).sum()) > 0)`;
      const python = spawnSync("/usr/bin/python3", ["-c", script], {
        input: session.exportWeights({ compress }),
      });
      expect(python.stderr.toString()).toBe("");
      expect(python.stdout.toString().trim()).toBe("12 0.75 True");
    }
  });

  it("that PsychRNN trained do here what they did there", () => {
    using session = engine().open(psychrnn());
    expect(session.importWeights(goldenBytes("psychrnn_trained_pd"), "trained.npz")).toEqual([]);
    const given = (key: string): Float32Array =>
      Float32Array.from(golden("psychrnn_trained_pd_check", key).values);
    const trials = { ...session.trials({ count: 6 }), x: given("x"), y: given("y"), mask: given("mask") };
    const run = session.run(trials);
    expect(deviation(run.outputs, given("outputs"))).toBeLessThan(1e-4);
    expect(deviation(run.states, given("states"))).toBeLessThan(1e-4);
    expect([...run.correct]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("of an old PsychRNN file are read: masks, signs and plain pickles; what is skipped is told", () => {
    using free = engine().open(small());
    const W_rec = free.weights("raw").W_rec?.data ?? new Float32Array();
    const mask = Float32Array.from(W_rec, (_, i) => i % 2);
    const signs = (inhibitory: number): number[] =>
      Array.from({ length: 144 }, (_, i) => (i % 13 === 0 ? (i / 13 < 12 - inhibitory ? 1 : -1) : 0));
    const file = npz({
      ...membersOf(free.exportWeights()),
      rec_connectivity: npy([12, 12], mask),
      Dale_rec: npy([12, 12], signs(3)),
      Dale_out: npy([12, 12], signs(3)),
      dale_ratio: pickled("float"),
      transfer_function: pickled("object"),
    });
    const warnings = free.importWeights(file, "old.npz");
    expect(warnings[0]).toBe("old.npz: transfer_function holds pickled Python objects and was skipped.");
    expect(warnings.slice(1).map((sentence) => sentence.split(" ")[1])).toEqual([
      "rec_connectivity",
      "dale_ratio",
    ]);
    const effective = free.weights("effective").W_rec?.data ?? new Float32Array();
    effective.forEach((weight, i) => {
      const sign = i % 12 < 9 ? 1 : -1;
      expect(weight).toBeCloseTo(sign * Math.abs(W_rec[i] ?? NaN) * (mask[i] ?? NaN), 6);
    });
    using dale = engine().open(small({ network: { dale_ratio: 0.75 } }));
    const without = npz({
      ...membersOf(file),
      rec_connectivity: npy([12, 12], new Float32Array(144).fill(1)),
    });
    // Its inhibitory units reach the outputs, which the document's do not.
    expect(dale.importWeights(without, "old.npz").slice(1)).toEqual([
      expect.stringMatching(/^old\.npz: W_out: 6 of 24 weights are others under the document's/),
    ]);
    const none = npz({
      ...membersOf(without),
      dale_ratio: pickled("None"),
      transfer_function: pickled("None"),
    });
    expect(free.importWeights(none)).toEqual([expect.stringContaining("it is used without Dale's law")]);
  });

  it("of a file that does not fit are refused with file and key, and nothing changes", async () => {
    using session = engine().open(small());
    const before = session.hash();
    const arrays = membersOf(session.exportWeights());
    const refused = async (members: { [key: string]: Uint8Array }): Promise<string> => {
      const failure = await failureOf(() => session.importWeights(npz(members), "w.npz"));
      return `${failure.code}: ${failure.message}`;
    };
    expect(await refused(withoutKey(arrays, "W_out"))).toContain('missing_array: w.npz has no array "W_out"');
    expect(await refused({ ...arrays, W_in: npy([3, 2], [1, 2, 3, 4, 5, 6]) })).toBe(
      "wrong_shape: w.npz: W_in must have the shape (12, 2); found (3, 2).",
    );
    expect(await refused({ ...arrays, b_rec: npy([12], new Float32Array(12).fill(NaN)) })).toContain(
      "bad_file: w.npz: b_rec holds a value that is not a finite number",
    );
    expect(await refused({ ...arrays, W_in: npy([], [1, 2], "(1000000000, 1000000000)") })).toContain(
      "which no memory can hold",
    );
    expect(await refused({ ...arrays, W_in: npy([12, 2], [1, 2]) })).toContain("is cut short");
    expect(await refused({ ...arrays, W_in: pickled("object") })).toContain("must hold numbers");
    expect(await refused({ ...arrays, W_in: new Uint8Array([1, 2, 3]) })).toContain("is not a NumPy array");
    const wrong = await failureOf(() => session.importWeights(new Uint8Array([1, 2, 3]), "w.npz"));
    expect(wrong).toMatchObject({ code: "bad_file", path: "w.npz" });
    expect(session.hash()).toBe(before);
  });

  it("of arrays that are already read are taken as well", () => {
    using session = engine().open(small());
    const arrays = Object.fromEntries(
      Object.entries(session.weights("effective")).map(([name, { rows, columns, data }]) => [
        name,
        { shape: name.startsWith("b_") ? [rows] : [rows, columns], data: Float64Array.from(data) },
      ]),
    );
    const before = session.hash();
    session.step({ iterations: 3 });
    expect(session.importWeights(arrays)).toEqual([]);
    expect(session.hash()).toBe(before);
  });

  it("answers callers that no compiler has checked", async () => {
    const nothing = undefined as never;
    using session = engine().open(small());
    for (const [call, place] of [
      [() => engine().open(nothing), "document"],
      [() => engine().check(null as never), "document"],
      [
        () => {
          session.setWeights({ W_rec: null as never });
        },
        "weights: W_rec",
      ],
      [
        () => {
          session.setWeights(nothing);
        },
        "weights",
      ],
      [() => session.importWeights(nothing), "weights.npz"],
      [() => session.step(nothing), "budget"],
    ] satisfies [() => unknown, string][]) {
      const { code, path, message } = await failureOf(call);
      expect([code, path]).toEqual(["wrong_type", place]);
      expect(message).toMatch(/^\S+.* must be an object; found (undefined|null)\.$/);
    }
  });

  it("that a document names bring their size, masks and Dale's law", () => {
    using trained = engine().open(constrained());
    trained.step({ iterations: 5 });
    const files = { "w.npz": trained.exportWeights() };
    const initializer = { type: "WeightInitializer", load_weights_path: "w.npz" };
    const document: ExperimentDocument = {
      ...small(),
      network: { type: "Basic", initializer },
    };
    using named = engine().open(document, { files });
    expect(named.shape.N_rec).toBe(12);
    expect(named.warnings).toEqual([]);
    expect(named.weights("effective")).toEqual(trained.weights("effective"));
    named.step({ iterations: 20 });
    named.weights("effective").W_rec?.data.forEach((weight, index) => {
      if (index % 12 < 9) expect(weight).toBeGreaterThanOrEqual(0);
      else expect(weight).toBeLessThanOrEqual(0);
    });
    using changed = engine().open(
      { ...document, network: { type: "Basic", dale_ratio: 0.5, initializer } },
      { files },
    );
    expect(changed.warnings.join(" ")).toContain("weights are others under the document's");
  });
});
