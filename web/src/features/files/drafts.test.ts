import { load, type Engine, type Json } from "nullcline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isObject } from "../../json";
import { namingWeights, withNetwork } from "./drafts";
import { recognise } from "./recognise";

/** With the engine itself: what a file of weights holds must come into the network that is made for it. */
describe("the network of a file of weights", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load({ threads: 1 });
  });
  afterAll(() => {
    engine[Symbol.dispose]();
  });

  const task = { type: "PerceptualDiscrimination", T: 400, dt: 20, N_batch: 8 };
  const draft = {
    nullcline: 1,
    task,
    network: {
      type: "Basic",
      N_rec: 9,
      rec_noise: 0.1,
      dale_ratio: 0.5,
      initializer: { type: "AlphaIdentity" },
    },
    training: { iterations: 5 },
  };

  /** Trains a network, saves its weights, and makes the network of the file. */
  function madeFrom(network: { [field: string]: Json }) {
    using session = engine.open({ nullcline: 1, task, network, training: { iterations: 5 } });
    session.step({ iterations: 5 });
    const content = session.exportWeights();
    const found = recognise(content, "w.npz");
    if (found.kind !== "weights") throw new Error(found.kind);
    const naming = namingWeights(draft, "w.npz", found.sizes.type);
    const { document, problems } = engine.check(naming, { files: { "w.npz": content } });
    expect(problems).toEqual([]);
    const next = withNetwork(draft, found.sizes, isObject(document?.network) ? document.network : {});
    using made = engine.open(next);
    expect(made.importWeights(content, "w.npz")).toEqual([]);
    expect(made.weights("effective")).toEqual(session.weights("effective"));
    expect(made.constraints().W_rec).toEqual(session.constraints().W_rec);
    expect(made.constraints().W_out).toEqual(session.constraints().W_out);
    return next.network;
  }

  it("has no law that the file has not, and keeps what is no matter of the file", () => {
    expect(madeFrom({ type: "Basic", N_rec: 6 })).toEqual({ type: "Basic", N_rec: 6, rec_noise: 0.1 });
  });

  it("has Dale's law and no autapses, as short as they can be said", () => {
    expect(madeFrom({ type: "Basic", N_rec: 6, dale_ratio: 0.5, autapses: false })).toEqual({
      type: "Basic",
      N_rec: 6,
      rec_noise: 0.1,
      dale_ratio: 0.5,
      autapses: false,
    });
  });

  it("has the signs and masks of the file where nothing shorter says them", () => {
    const rec_connectivity = [
      [0, 1, 1, 1],
      [1, 0, 1, 1],
      [1, 1, 1, 0],
      [1, 1, 1, 1],
    ];
    const input_connectivity = [
      [1, 0],
      [0, 1],
      [1, 1],
      [1, 1],
    ];
    const given = { N_rec: 4, Dale_rec: [1, -1, 1, 1], rec_connectivity, input_connectivity };
    expect(madeFrom({ type: "Basic", ...given })).toMatchObject({ ...given, Dale_out: [1, 0, 1, 1] });
  });
});
