import { type ExperimentDocument } from "nullcline";
import { describe, expect, it } from "vitest";
import { membersOf, npy, npz, without } from "./arrays.js";
import { engineOfTheGroup, failureOf, small } from "./support.js";

const curriculum = {
  stages: [
    { task: { coherence: 0.9 }, threshold: 0 },
    { task: { coherence: 0.5 }, threshold: 1 },
  ],
  check_earlier_stages: true,
};

const documents: { [name: string]: ExperimentDocument } = {
  plain: small(),
  "Dale's law, noise and a schedule": small({
    network: { dale_ratio: 0.75, rec_noise: 0.1 },
    training: { optimizer: { type: "RMSProp" }, schedule: { type: "exponential" } },
  }),
  LSTM: small({ network: { type: "LSTM", N_rec: 6 } }),
  "a curriculum": { ...small(), curriculum },
};

describe("the state of a run", () => {
  const engine = engineOfTheGroup();

  it.each(Object.keys(documents))("lets another session go on to the same bits: %s", (name) => {
    const document = documents[name] ?? small();
    using whole = engine().open(document);
    whole.step({ iterations: 23 });
    const state = whole.saveState();
    const there = whole.progress();
    const hash = whole.hash();
    const rest = whole.step({ iterations: 37 });

    using resumed = engine().open(document);
    resumed.step({ iterations: 3 });
    expect(resumed.restoreState(state)).toEqual(there);
    expect(resumed.hash()).toBe(hash);
    const { history, metrics } = resumed.step({ iterations: 37 });
    expect(resumed.hash()).toBe(whole.hash());
    expect(resumed.progress()).toEqual(whole.progress());
    expect({ history, metrics }).toEqual({
      history: whole.progress().history.filter(({ iteration }) => iteration > 23),
      metrics: rest.metrics.filter(({ iteration }) => iteration > 23),
    });
    expect(resumed.saveState()).toEqual(whole.saveState());
  });

  it("goes on in a longer run, or under another name", () => {
    using short = engine().open(small());
    short.step({ iterations: 60 });
    using long = engine().open({ ...small({ training: { iterations: 80 } }), name: "Longer" });
    expect(long.restoreState(short.saveState())).toMatchObject({ state: "training", iteration: 60 });
    long.step({ iterations: 20 });
    short.extend(20);
    short.step({ iterations: 20 });
    expect(long.hash()).toBe(short.hash());
    using shorter = engine().open(small({ training: { iterations: 10 } }));
    expect(shorter.restoreState(short.saveState())).toMatchObject({ state: "finished", iteration: 80 });
    expect(shorter.extend(5)).toMatchObject({ state: "training", iterations: 85 });
  });

  it("of another experiment is refused, and nothing changes", async () => {
    using session = engine().open(small());
    session.step({ iterations: 7 });
    const hash = session.hash();
    const others = {
      "network.N_rec": small({ network: { N_rec: 13 } }),
      seed: { ...small(), seed: 2 },
      "training.learning_rate": small({ training: { learning_rate: 0.01 } }),
    };
    for (const [path, document] of Object.entries(others)) {
      using other = engine().open(document);
      const state = other.saveState();
      const failure = await failureOf(() => session.restoreState(state, "run.npz"));
      expect(failure.code).toBe("other_run");
      expect(failure.message).toContain(`run.npz cannot be resumed: ${path} is`);
    }
    expect(session.hash()).toBe(hash);
    expect(session.progress().iteration).toBe(7);
  });

  it("that is damaged is refused, and nothing changes", async () => {
    using session = engine().open(small());
    session.step({ iterations: 7 });
    const hash = session.hash();
    const arrays = membersOf(session.saveState());
    const codeOf = async (changes: { [key: string]: Uint8Array }): Promise<string> =>
      (await failureOf(() => session.restoreState(npz({ ...arrays, ...changes })))).code;
    expect(await codeOf({ "raw/W_rec": npy([3, 3], new Float32Array(9)) })).toBe("wrong_shape");
    expect(await codeOf({ "raw/b_out": npy([2], [NaN, 0]) })).toBe("bad_file");
    expect(await codeOf({ iteration: npy([], [-1]) })).toBe("bad_file");
    expect(await codeOf({ stage: npy([], [4]) })).toBe("bad_file");
    expect(await codeOf({ numerics_version: npy([], [99]) })).toBe("other_run");
    expect((await failureOf(() => session.restoreState(npz(without(arrays, "history"))))).code).toBe(
      "missing_array",
    );
    expect((await failureOf(() => session.restoreState(session.exportWeights()))).code).toBe("missing_array");
    expect(session.hash()).toBe(hash);
    expect(session.progress().iteration).toBe(7);
  });

  it("is refused where a file of the document is another one", async () => {
    const document = small({ network: { rec_connectivity: { file: "masks.npz", key: "M" } } });
    const open = (first: number) => {
      const M = {
        shape: [12, 12],
        data: Float32Array.from({ length: 144 }, (_, index) => (index % 5 === first ? 0 : 1)),
      };
      return engine().open(document, { files: { "masks.npz": { M }, "unused.npz": { M } } });
    };
    using session = open(0);
    session.step({ iterations: 5 });
    const state = session.saveState();
    using same = open(0);
    expect(same.restoreState(state).iteration).toBe(5);
    using other = open(1);
    const hash = other.hash();
    expect(await failureOf(() => other.restoreState(state))).toMatchObject({
      code: "other_run",
      message: expect.stringContaining("masks.npz") as string,
    });
    expect(other.hash()).toBe(hash);
  });
});
