import { decodeLink } from "nullcline/links";
import { expect, it } from "vitest";
import { settled, started } from "../../testing/started";
import { Share } from "./share.svelte";

async function setUp() {
  const { lab, engine } = await started({ clock: () => 0 });
  return { lab, engine, share: new Share(lab) };
}

it("offers a recipe and both kinds of weights of an untouched run", async () => {
  const { lab, engine, share } = await setUp();
  lab.rename("Mine");
  await lab.train(30);
  expect(lab.iteration).toBe(30);
  await share.show();
  expect(share.iteration).toBe(30);
  expect(share.fileSize).toBe((await engine.session?.saveState())?.length);
  const recipe = share.recipe && "fragment" in share.recipe ? await decodeLink(share.recipe.fragment) : null;
  expect(recipe).toMatchObject({
    kind: "recipe",
    iteration: 30,
    hash: lab.hash,
    arithmetic: "plain",
    numericsVersion: 1,
  });
  expect(recipe?.document.name).toBe("Mine");
  for (const precision of ["int8", "float16"] as const) {
    const offer = share.models[precision];
    expect(offer?.survival?.trials).toBe(1000);
    const model = offer && "fragment" in offer ? await decodeLink(offer.fragment) : null;
    expect(model).toMatchObject({ kind: "model", precision, iteration: 30 });
  }
  // The session that rounding was tried in is gone.
  expect(engine.open_).toBe(1);
});

it("offers no recipe for weights that were set or loaded, or for files", async () => {
  const { lab, share } = await setUp();
  const W_rec = { rows: 4, columns: 4, data: new Float32Array(16).fill(2) };
  await lab.setWeights({ W_rec });
  await share.show();
  expect(share.recipe).toHaveProperty("reason", expect.stringContaining("edited by hand"));
  expect(share.models.float16).toHaveProperty("fragment");

  await lab.replace(lab.draft);
  await lab.restore(Uint8Array.of(7), "run.npz");
  await share.show();
  expect(share.recipe).toHaveProperty("reason", expect.stringContaining("loaded from a link or a file"));

  lab.addFile("own.npz", new Uint8Array(1));
  await lab.replace({ ...lab.draft, task: { type: "Choice", file: "own.npz" } });
  await share.show();
  for (const offer of [share.recipe, share.models.int8, share.models.float16])
    expect(offer).toHaveProperty("reason", expect.stringContaining("own.npz"));
});

it("pauses training, and writes links anew for other fields", async () => {
  const { lab, engine, share } = await setUp();
  let release: () => void = () => undefined;
  if (engine.session) engine.session.between = () => new Promise((resolve) => (release = resolve));
  const training = lab.train();
  await settled();
  const showing = share.show();
  release();
  await Promise.all([training, showing]);
  expect(share.paused).toBe(true);
  expect(lab.activity).toBe("idle");
  const measured = engine.calls.length;
  await share.restrict({ hidden: ["task"], locked: ["seed"] });
  expect(engine.calls.length).toBe(measured);
  for (const offer of [share.recipe, share.models.int8, share.models.float16]) {
    const link = offer && "fragment" in offer ? await decodeLink(offer.fragment) : null;
    expect(link?.sharing).toEqual({ hidden: ["task"], locked: ["seed"] });
  }
});
