import { encodeLink, type Link } from "nullcline/links";
import { expect, it } from "vitest";
import { settled, started } from "../../testing/started";
import { Opening } from "../files/opening.svelte";
import type { Found } from "../files/recognise";
import { FetchProblem } from "./fetching";
import { Reception } from "./reception.svelte";

const document = {
  nullcline: 1,
  name: "Sent",
  task: { type: "Choice" },
  network: { type: "Plain" },
  seed: 9,
};
const W_rec = { rows: 4, columns: 4, data: new Float32Array(16).fill(3) };

const model: Link = {
  kind: "model",
  document,
  iteration: 30,
  hash: "000000000000001e",
  precision: "float16",
  weights: { W_rec },
  sharing: { locked: ["seed"] },
};
const recipe: Link = {
  kind: "recipe",
  document,
  iteration: 30,
  hash: "000000000000001e",
  arithmetic: "plain",
  numericsVersion: 1,
};

async function setUp(found: Found = { kind: "refused", name: "x", reason: "No." }) {
  const { lab, engine } = await started({ clock: () => 0 });
  const opening = new Opening(lab, () => Promise.resolve(found));
  const asked: URL[] = [];
  const reception = new Reception(lab, opening, (url) => {
    asked.push(url);
    return url.host === "away.org"
      ? Promise.reject(new FetchProblem("It is away."))
      : Promise.resolve(new File(["x"], "x.npz"));
  });
  return { lab, engine, opening, reception, asked };
}

it("opens a trained network with its fields locked, and shows its page until something else is opened", async () => {
  const { lab, engine, reception } = await setUp();
  expect(await reception.follow({ hash: `#${await encodeLink(model)}`, search: "" })).toBe(true);
  expect(lab.draft.name).toBe("Sent");
  expect(lab.sharing).toEqual({ locked: ["seed"] });
  expect(engine.session?.scale).toBe(3);
  expect(engine.open_).toBe(1);
  expect(reception.page).toBe(true);
  await lab.replace({ ...document, seed: 10 });
  expect(reception.page).toBe(false);
  expect(lab.sharing).toEqual({});
});

it("has the page of a link there before the link is open, where an address looks like one", async () => {
  const { reception } = await setUp();
  reception.expect({ hash: "#nothing" });
  expect(reception.page).toBe(false);
  reception.expect({ hash: `#${await encodeLink(model)}` });
  expect([reception.page, reception.expected]).toEqual([true, "model"]);
  reception.expect({ hash: `#${await encodeLink(recipe)}` });
  expect(reception.expected).toBe("recipe");
  reception.expected = null;
  expect(reception.page).toBe(false);
});

it("says what is wrong with a link, and changes nothing", async () => {
  const { lab, reception } = await setUp();
  const { draft, document: before } = lab;
  const whole = await encodeLink(model);
  const refuse = async (fragment: string) => {
    expect(await reception.openLink(fragment)).toBe(false);
    expect([lab.draft, lab.document]).toEqual([draft, before]);
    expect(reception.page).toBe(false);
    expect(reception.said?.tone).toBe("error");
    return reception.said?.sentence ?? "";
  };
  expect(await refuse(whole.slice(0, -30))).toMatch(/cut.*Nothing was changed here\.$/);
  expect(await refuse(`${whole.slice(0, 40)}A${whole.slice(41)}`)).toContain("damaged");
  expect(await refuse("anything")).toContain("no link of Nullcline");
  expect(
    await refuse(
      await encodeLink({ ...model, document: { ...document, network: { type: "Plain", N_rec: 0 } } }),
    ),
  ).toContain("cannot be run");
  expect(
    await refuse(
      await encodeLink({ ...recipe, document: { ...document, task: { type: "Choice", file: "t.npz" } } }),
    ),
  ).toContain("t.npz");
  reception.dismiss();
  expect(reception.said).toBeNull();
});

it("opens the link of an address that names a file, too, and says so", async () => {
  const { reception, asked } = await setUp();
  const hash = `#${await encodeLink(model)}`;
  expect(await reception.follow({ hash, search: "?model=https://osf.io/x.npz" })).toBe(true);
  expect(asked).toEqual([]);
  expect(reception.said?.sentence).toMatch(/the link was opened, the file was not\.$/);
});

it("asks before a trained network is dropped", async () => {
  const { lab, opening, reception } = await setUp();
  await lab.step();
  const fragment = await encodeLink(model);
  const refused = reception.openLink(fragment);
  await settled();
  expect(opening.message?.sentences.join(" ")).toContain("iteration 1");
  opening.answer(false);
  expect(await refused).toBe(false);
  expect(lab.iteration).toBe(1);
  const taken = reception.openLink(fragment);
  await settled();
  opening.answer(true);
  expect(await taken).toBe(true);
  expect(lab.iteration).toBe(0);
});

it("trains a recipe to where it was and compares the hashes", async () => {
  const { lab, reception } = await setUp();
  await reception.openLink(await encodeLink(recipe));
  expect(reception.page).toBe(true);
  await reception.retrain();
  expect(lab.iteration).toBe(30);
  expect(reception.proof).toMatchObject({ tone: "notice" });
  expect(reception.proof?.sentence).toContain("The same network to the last bit: 000000000000001e");
});

it("trains a recipe on to where a run was that had been made longer", async () => {
  const { lab, reception } = await setUp();
  const short = { ...document, training: { iterations: 5, learning_rate: 0.01 } };
  await reception.openLink(await encodeLink({ ...recipe, document: short }));
  expect(reception.untrained).toBe(true);
  expect(lab.shape?.iterations).toBe(30);
  expect(lab.draft.training).toEqual({ iterations: 30, learning_rate: 0.01 });
  await reception.retrain();
  expect(lab.iteration).toBe(30);
  expect(reception.untrained).toBe(false);
  expect(reception.proof?.sentence).toContain("The same network to the last bit: 000000000000001e");
});

it("refuses a recipe of a longer run whose learning rate follows its length", async () => {
  const { lab, reception } = await setUp();
  const { draft } = lab;
  const schedule = { type: "Cosine", decay_steps: null };
  const short = { ...document, training: { iterations: 5, schedule } };
  expect(await reception.openLink(await encodeLink({ ...recipe, document: short }))).toBe(false);
  expect(reception.said?.sentence).toBe(
    "This link promises a network after 30 iterations, but its experiment ends after 5 and cannot be made longer without becoming another one. Nothing was changed here.",
  );
  expect(lab.draft).toBe(draft);
  const own = { ...document, training: { iterations: 30, schedule } };
  expect(await reception.openLink(await encodeLink({ ...recipe, document: own }))).toBe(true);
});

it("says where training ends before what a recipe promises", async () => {
  const { lab, engine, reception } = await setUp();
  await reception.openLink(await encodeLink(recipe));
  if (engine.session) engine.session.shape = { ...engine.session.shape, iterations: 20 };
  await reception.retrain();
  expect(lab.iteration).toBe(20);
  expect(reception.untrained).toBe(false);
  expect(reception.proof).toEqual({
    tone: "error",
    sentence:
      "Another network: training ended here after 20 iterations, and the link promises a hash after 30.",
  });
});

it("says where the bits cannot be the same", async () => {
  const { reception } = await setUp();
  await reception.openLink(await encodeLink({ ...recipe, arithmetic: "fused" }));
  expect(reception.caveat).toContain("fused arithmetic, which this browser cannot run");
  await reception.openLink(await encodeLink({ ...recipe, numericsVersion: 2 }));
  expect(reception.caveat).toContain("numerics version 2");
  await reception.openLink(await encodeLink({ ...recipe, hash: "00000000000000ff" }));
  expect(reception.caveat).toBe("");
  await reception.retrain();
  expect(reception.proof?.tone).toBe("error");
  expect(reception.proof?.sentence).toContain("00000000000000ff");
});

it("says what the address of a model names where something else came from there", async () => {
  const { lab, opening, reception } = await setUp({
    kind: "refused",
    name: "page",
    reason: "page is text.",
    hint: "The first line names the columns.",
  });
  const { draft } = lab;
  const answer = reception.follow({ hash: "", search: "?model=https://osf.io/page" });
  await settled();
  opening.answer(true);
  expect(await answer).toBe(false);
  expect(opening.message).toBeNull();
  expect(reception.said).toEqual({
    tone: "error",
    sentence:
      "page is text. The address of a model names a run that this page has saved (.npz), weights (.npz) or an experiment (.json). Nothing was changed here.",
  });
  expect(lab.draft).toBe(draft);
});

it("fetches a model only when it was asked to", async () => {
  const found: Found = { kind: "experiment", name: "x.npz", document };
  const { lab, opening, reception, asked } = await setUp(found);
  const search = "?model=https%3A%2F%2Fosf.io%2Fx.npz";
  const refused = reception.follow({ hash: "", search });
  await settled();
  expect(opening.message?.title).toBe("Fetch a model from osf.io?");
  expect(asked).toEqual([]);
  opening.answer(false);
  expect(await refused).toBe(false);
  expect(asked).toEqual([]);

  const taken = reception.follow({ hash: "", search });
  await settled();
  opening.answer(true);
  expect(await taken).toBe(true);
  expect(asked.map(String)).toEqual(["https://osf.io/x.npz"]);
  expect(lab.draft.name).toBe("Sent");

  const away = reception.follow({ hash: "", search: "?model=https://away.org/x" });
  await settled();
  opening.answer(true);
  expect(await away).toBe(false);
  expect(reception.said?.sentence).toContain("It is away.");
  expect(await reception.follow({ hash: "", search: "?model=http://osf.io/x" })).toBe(false);
  expect(reception.said?.sentence).toContain("https://");
  expect(await reception.follow({ hash: "", search: "" })).toBe(false);
});
