import { type Arrays, type ExperimentDocument, type Json } from "nullcline";
import { describe, expect, it } from "vitest";
import { npy, npz, pickled, without } from "./arrays.js";
import { engineOfTheGroup, failureOf, small } from "./support.js";

/** Four trials of five steps with one input and two outputs. */
function ownTrials(): { [key: string]: { shape: number[]; data: Float32Array } } {
  const x = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i));
  const y = Float32Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : 0.2));
  return {
    x: { shape: [4, 5, 1], data: x },
    y: { shape: [4, 5, 2], data: y },
    mask: { shape: [4, 5, 2], data: new Float32Array(40).fill(1) },
  };
}

function trialsDocument(changes: { [field: string]: Json } = {}): ExperimentDocument {
  return {
    nullcline: 1,
    task: { type: "Trials", file: "own.npz", dt: 20, tau: 100, ...changes },
    network: { type: "Basic", N_rec: 8 },
    training: { iterations: 20 },
  };
}

describe("files that a document names", () => {
  const engine = engineOfTheGroup();

  it("hold trials: as an archive or as arrays", () => {
    const arrays = ownTrials();
    const archive = npz(
      Object.fromEntries(Object.entries(arrays).map(([key, { shape, data }]) => [key, npy(shape, data)])),
      true,
    );
    const hashes = [arrays, archive, archive.slice().buffer].map((file) => {
      const options = { files: { "own.npz": file } };
      const { problems, shape } = engine().check(trialsDocument(), options);
      expect(problems).toEqual([]);
      expect(shape).toMatchObject({ N_in: 1, N_out: 2, N_steps: 5, N_batch: 4 });
      using session = engine().open(trialsDocument(), options);
      expect(session.warnings).toEqual([]);
      expect(session.trials({ count: 4 }).x).toEqual(arrays.x?.data);
      session.step({ iterations: 20 });
      return session.hash();
    });
    expect(new Set(hashes).size).toBe(1);
  });

  it("hold matrices and weights", () => {
    const mask = Float32Array.from({ length: 144 }, (_, i) => i % 2);
    const W_in = Float32Array.from({ length: 24 }, (_, i) => i / 10);
    const network = {
      rec_connectivity: { file: "masks.npz", key: "mine" },
      initializer: { type: "GaussianSpectralRadius", W_in: { file: "weights.npz", key: "W_in" } },
    };
    const files = {
      "masks.npz": npz({ mine: npy([12, 12], mask) }),
      "weights.npz": { W_in: { shape: [12, 2], data: W_in } },
    };
    using session = engine().open(small({ network }), { files });
    expect(session.weights("raw").W_in?.data).toEqual(W_in);
    const W_rec = session.weights("effective").W_rec?.data ?? [];
    W_rec.forEach((weight, i) => {
      if (mask[i] === 0) expect(Math.abs(weight)).toBe(0);
    });
  });

  it("hold the weights to begin with", () => {
    using trained = engine().open(small());
    trained.step({ iterations: 10 });
    const files = { "before.npz": trained.exportWeights() };
    const initializer = { type: "WeightInitializer", load_weights_path: "before.npz" };
    using session = engine().open(small({ network: { initializer } }), { files });
    expect(session.weights("effective")).toEqual(trained.weights("effective"));
  });

  it("that are missing are problems at the path that names them", async () => {
    const missing = { code: "no_file", path: "task.file" };
    expect(engine().check(trialsDocument()).problems).toMatchObject([missing]);
    expect((await failureOf(() => engine().open(trialsDocument()))).message).toContain('"own.npz"');
    const near = engine().check(trialsDocument(), { files: { "own.np": ownTrials() } }).problems;
    expect(near).toMatchObject([missing]);
    expect(near[0]?.hint).toContain("own.np");
    const network = { rec_connectivity: { file: "m.npz", key: "M" } };
    expect(engine().check(small({ network })).problems).toMatchObject([
      { code: "no_file", path: "network.rec_connectivity.file" },
    ]);
    const initializer = { type: "WeightInitializer", load_weights_path: "w.npz" };
    expect(engine().check(small({ network: { initializer } })).problems).toMatchObject([
      { code: "no_file", path: "network.initializer.load_weights_path" },
    ]);
    const unnamed = small({ network: { initializer: { ...initializer, load_weights_path: "" } } });
    const sentences = (files: { [name: string]: Arrays }) =>
      engine()
        .check(unnamed, { files })
        .problems.map(({ message }) => message);
    expect(sentences({ "own.npz": ownTrials() })).toEqual([
      "network.initializer.load_weights_path names no file; there is own.npz.",
    ]);
    expect(sentences({})).toEqual(["network.initializer.load_weights_path names no file; there is none."]);
    expect(engine().handles()).toBe(0);
  });

  it("that do not fit, or are no archives, are problems with file and key", async () => {
    const problemsOf = (file: Arrays): string =>
      engine()
        .check(trialsDocument(), { files: { "own.npz": file } })
        .problems.map(({ message }) => message)
        .join(" ");
    expect(problemsOf(without(ownTrials(), "y"))).toContain('own.npz has no array "y"');
    const wrong = { ...ownTrials(), mask: { shape: [4, 5], data: new Float32Array(20) } };
    expect(problemsOf(wrong)).toContain("own.npz: mask must have the shape (4, 5, 2); found (4, 5)");
    const mistaken = { "own.npz": { x: [1, 2, 3] } } as unknown as { [name: string]: Arrays };
    expect(await failureOf(() => engine().open(trialsDocument(), { files: mistaken }))).toMatchObject({
      code: "wrong_type",
      path: "own.npz: x",
    });
    const files = { "own.npz": new Uint8Array(10) };
    expect(await failureOf(() => engine().open(trialsDocument(), { files }))).toMatchObject({
      code: "bad_file",
      path: "own.npz",
    });
    expect(engine().handles()).toBe(0);
  });

  it("are searched for what is never read, which is told", () => {
    const archive = npz({
      ...Object.fromEntries(Object.entries(ownTrials()).map(([key, a]) => [key, npy(a.shape, a.data)])),
      note: pickled("object"),
    });
    using session = engine().open(trialsDocument(), { files: { "own.npz": archive } });
    expect(session.warnings).toEqual(["own.npz: note holds pickled Python objects and was skipped."]);
  });

  it("do not stand in the way of warnings of the initial weights", () => {
    const network = { rec_connectivity: { pattern: "none" } };
    using session = engine().open(small({ network }));
    expect(session.warnings.join(" ")).toMatch(/spectral radius|eigenvalue/i);
    using quiet = engine().open(small());
    expect(quiet.warnings).toEqual([]);
  });

  it("of the document itself must be plain data", async () => {
    const circular: ExperimentDocument = small();
    circular.name = circular;
    for (const document of [circular, { nullcline: 1n } as unknown as ExperimentDocument])
      for (const call of ["check", "open"] as const)
        expect(await failureOf(() => engine()[call](document))).toMatchObject({ code: "not_json" });
  });
});
