import { load, type ExperimentDocument, type Trials } from "nullcline";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { shownTrials } from "../../state/lab.svelte";
import { clearestFirst, selectTrial } from "../../state/select";
import { namedFiles } from "../../document/files";
import { groups } from "./examples";
import { pictureOf, type Picture } from "./picture";

const none = { connectivity: null, signs: null, fixed: null };

describe("the picture of an experiment", () => {
  const trials: Trials = {
    count: 1,
    N_steps: 4,
    N_in: 1,
    N_out: 1,
    x: Float32Array.from([0, 1, 1, 0]),
    y: Float32Array.from([5, 0, 0, 1]),
    mask: Float32Array.from([0, 0, 1, 1]),
    params: [{}],
    epochs: [[]],
  };

  it("has the trial's inputs, its targets where they count, and when that is", () => {
    expect(pictureOf(trials, null)).toEqual({
      "input channel-1": "M0,17L20,2L40,2L60,17",
      "target channel-1": "M40,35L60,22",
      counted: "M40,38H80",
    });
  });

  it("has the recurrent weights by what holds for them", () => {
    const parts = (constraint: object) => {
      const { free, masked, fixed, excitatory, inhibitory } = pictureOf(trials, { ...none, ...constraint });
      return { free, masked, fixed, excitatory, inhibitory };
    };
    expect(parts({})).toEqual({ free: "M90,2H126V38H90Z" });
    expect(parts({ signs: Float32Array.from([1, -1]) })).toEqual({
      excitatory: "M90,2H108V20H90ZM90,20H108V38H90Z",
      inhibitory: "M108,2H126V20H108ZM108,20H126V38H108Z",
    });
    const connectivity = Float32Array.from([0, 1, 1, 0]);
    expect(parts({ connectivity, fixed: Float32Array.from([1, 1, 0, 0]) })).toEqual({
      masked: "M90,2H108V20H90ZM108,20H126V38H108Z",
      fixed: "M108,2H126V20H108Z",
      free: "M90,20H108V38H90Z",
    });
    // Of many units a cell stands for several, and the diagonal is seen.
    const diagonal = Float32Array.from({ length: 1600 }, (_, index) => Number(index % 41 !== 0));
    expect(parts({ connectivity: diagonal }).masked?.split("Z")).toHaveLength(19);
  });
});

it("those of the gallery are those of the examples' first trials", async () => {
  const engine = await load({ threads: 1 });
  const folder = new URL("../../../../examples/", import.meta.url);
  const pictures: { [id: string]: Picture } = {};
  for (const { id, file } of groups.flatMap(({ examples }) => examples)) {
    const document = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as ExperimentDocument;
    const files = Object.fromEntries(
      namedFiles(document).map((name) => [name, new Uint8Array(readFileSync(new URL(name, folder)))]),
    );
    using session = engine.open(document, { files });
    const constraint = "W_f" in session.weights("raw") ? null : session.constraints().W_rec;
    // The trial that the page shows first.
    const trials = session.trials({ count: shownTrials });
    const first = selectTrial(trials, clearestFirst(trials)[0] ?? 0);
    pictures[id] = pictureOf(first, constraint ?? null);
  }
  engine[Symbol.dispose]();
  // Out of date? "vitest run --root web gallery/picture -u" draws them anew.
  await expect(`${JSON.stringify(pictures, null, 2)}\n`).toMatchFileSnapshot("pictures.json");
});
