import { load, type Engine, type ExperimentDocument, type Schema } from "nullcline";
import { encodeLink, type Sharing } from "nullcline/links";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { equal } from "../../json";
import { namedFiles } from "../../document/files";
import { linkTo } from "./addresses";
import { partsOf, sharingOf } from "./choosing";
import { sparse } from "./sparse";

// Against the engine itself: whether a document is the same without its defaults is for the engine to say.

let engine: Engine;
let schema: Schema;

beforeAll(async () => {
  engine = await load({ threads: 1 });
  schema = engine.describe();
});

afterAll(() => {
  engine[Symbol.dispose]();
});

const complete = (document: ExperimentDocument) => Promise.resolve(engine.check(document).document);
const inShort = (document: ExperimentDocument) => sparse(schema, document, complete);

const shipped = import.meta.glob<ExperimentDocument>(
  ["../../../../examples/*.json", "!../../../../examples/{gallery,simulation-from-dictionary}.json"],
  { import: "default", eager: true },
);

/** Those of the gallery that need no file and hold no matrices by hand. */
const examples = Object.entries(shipped)
  .map(([path, document]) => ({ name: path.replace(/.*\/|\.json$/g, ""), document }))
  .filter(({ document }) => namedFiles(document).length === 0);

function hashAfterOne(document: ExperimentDocument): string {
  using session = engine.open(document);
  session.step({ iterations: 1 });
  return session.hash();
}

describe("a document without its defaults", () => {
  it.each(examples)(
    "is completed to the same one, and trains to the same bits: $name",
    async ({ document }) => {
      const shorter = await inShort(document);
      expect(await complete(shorter)).toEqual(await complete(document));
      if (!equal(shorter, document)) expect(hashAfterOne(shorter)).toBe(hashAfterOne(document));
      expect(await inShort(shorter)).toEqual(shorter);
    },
  );

  it("says what was chosen and nothing else", async () => {
    const simple = examples.find(({ name }) => name === "simple-example");
    expect(await inShort(simple?.document ?? {})).toEqual({
      nullcline: 1,
      name: "Simple example",
      task: { type: "PerceptualDiscrimination", N_batch: 50 },
      network: { type: "Basic" },
      training: { training_iters: 100000 },
    });
  });

  it("keeps a default that another field would change, and what cannot be run", async () => {
    const psychrnn = {
      nullcline: 1,
      conventions: "psychrnn",
      task: { type: "PerceptualDiscrimination", dt: 10 },
      network: { type: "Basic", autapses: true },
    };
    // Written out in full, all of it stands at a default: of this document, or of another one.
    const whole = (await complete(psychrnn)) ?? {};
    const shorter = await inShort(whole);
    expect(shorter.conventions).toBe("psychrnn");
    expect(await complete(shorter)).toEqual(whole);
    expect(JSON.stringify(shorter).length).toBeLessThan(JSON.stringify(whole).length / 2);
    const broken = { ...psychrnn, seed: 1, task: { type: "Unheard" } };
    expect(await inShort(broken)).toBe(broken);
  });

  it("asks once where all can go, and not at all where nothing can", async () => {
    let asked = 0;
    const counting = (document: ExperimentDocument) => {
      asked++;
      return complete(document);
    };
    const document = { nullcline: 1, task: { type: "PerceptualDiscrimination" }, network: { type: "Basic" } };
    expect(await sparse(schema, document, counting)).toBe(document);
    expect(asked).toBe(0);
    expect(await sparse(schema, { ...document, training: { learning_rate: 0.001 } }, counting)).toEqual(
      document,
    );
    expect(asked).toBe(2);
  });
});

describe("a recipe", () => {
  /** Of the whole address, as it is handed on. */
  async function lengthOf(document: ExperimentDocument, sharing: Sharing = {}): Promise<number> {
    const fragment = await encodeLink({
      kind: "recipe",
      document: await inShort(document),
      iteration: 1953,
      hash: "094943e6d16ff6af",
      arithmetic: "fused",
      numericsVersion: engine.build.numerics,
      sharing,
    });
    return linkTo("https://example.org/nullcline/", { fragment }).length;
  }

  const knobs = ["network.N_rec", "training.learning_rate", "task.coherence"];

  it.each(examples)(
    "is at most 400 characters long, whatever a teacher hides: $name",
    async ({ document }) => {
      const parts = partsOf(schema, document);
      const paths = parts.flatMap(({ path, fields }) =>
        fields.length ? fields.map((one) => one.path) : [path],
      );
      expect(await lengthOf(document)).toBeLessThanOrEqual(250);
      for (const rest of ["hidden", "locked"] as const)
        for (let count = 0; count <= knobs.length; ++count) {
          const chosen = paths.map(
            (path) => [path, knobs.slice(0, count).includes(path) ? "shown" : rest] as const,
          );
          const sharing = sharingOf(parts, Object.fromEntries(chosen));
          expect(await lengthOf(document, sharing), JSON.stringify(sharing)).toBeLessThanOrEqual(250);
        }
      // Every second field: no form of a list is short.
      const mixed = Object.fromEntries(paths.map((path, i) => [path, i % 2 ? "hidden" : "shown"] as const));
      expect(await lengthOf(document, sharingOf(parts, mixed))).toBeLessThanOrEqual(400);
    },
  );
});
