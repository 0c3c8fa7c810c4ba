import { NullclineError, type Engine, type ExperimentDocument, type Files, type Session } from "nullcline";
import { decodeLink, encodeLink, type Link } from "nullcline/links";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { load } from "nullcline";
import { seal } from "../../wasm/dist/links/envelope.js";
import { membersOf, npy, npz } from "./arrays.js";
import { Mutator, piecesOfDocuments, piecesOfLinks } from "./mutations.js";
import { small } from "./support.js";

/** Of each decoder; the same ones with every run. */
const count = 10_000;
const mostMilliseconds = 1000;

/** The processor's time, since others may use it as well. */
function milliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Runs a decoder on something that was changed. It may take it, or refuse it in one sentence. */
async function attempt(call: () => unknown, shown: () => string): Promise<"taken" | "refused"> {
  const start = milliseconds();
  let end: "taken" | "refused" = "taken";
  try {
    await call();
  } catch (error) {
    end = "refused";
    if (!(error instanceof NullclineError) || error.message === "" || error.message.length > 2000) {
      throw new Error(`${String(error)} came of ${shown()}`, { cause: error });
    }
  }
  const took = milliseconds() - start;
  if (took > mostMilliseconds) throw new Error(`${took.toFixed(0)} ms were spent on ${shown()}`);
  return end;
}

const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").slice(0, 4000);

describe("mutations of links", { timeout: 300_000 }, () => {
  const document = { ...small(), name: "Daleʼs law" };
  const matrix = (rows: number, columns: number): { rows: number; columns: number; data: Float32Array } => ({
    rows,
    columns,
    data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
  });
  const common = {
    document,
    iteration: 60,
    hash: "0123456789abcdef",
    sharing: { locked: ["network.N_rec"] },
  };
  const weights = { W_in: matrix(6, 2), W_rec: matrix(6, 6), b_rec: matrix(6, 1) };
  const links: Link[] = [
    { kind: "recipe", ...common, arithmetic: "plain", numericsVersion: 1 },
    { kind: "model", ...common, precision: "int8", weights },
    { kind: "model", ...common, precision: "float16", weights },
  ];

  it("are refused, or are the link itself", async () => {
    const mutator = new Mutator(1);
    const fragments = await Promise.all(links.map(encodeLink));
    const originals = await Promise.all(fragments.map(decodeLink));
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < count; ++i) {
      const fragment = mutator.text(mutator.pick(fragments), piecesOfLinks);
      let found: Link | undefined;
      await attempt(
        async () => (found = await decodeLink(fragment)),
        () => fragment,
      );
      if (found !== undefined) expect(originals, fragment).toContainEqual(found);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
  });

  it("behind a checksum that fits are refused, or have the form of a link", async () => {
    const mutator = new Mutator(2);
    const contents = links.map((link) => {
      const { kind, document, iteration, hash, sharing, ...rest } = link;
      const head = JSON.stringify({
        document,
        iteration,
        hash,
        ...("weights" in rest
          ? {
              precision: rest.precision,
              matrices: Object.entries(rest.weights).map(([n, m]) => [n, m.rows, m.columns]),
            }
          : { arithmetic: rest.arithmetic, numerics: rest.numericsVersion }),
        ...sharing,
      });
      const size = "precision" in rest ? { int8: 78, float16: 108 }[rest.precision] : 0;
      return { key: kind === "recipe" ? "r1" : "m1", head, numbers: new Uint8Array(size).fill(60) };
    });
    const ends = { taken: 0, refused: 0 };
    for (let i = 0; i < count; ++i) {
      const { key, head, numbers } = mutator.pick(contents);
      const text = Buffer.from(mutator.text(head, piecesOfDocuments));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      const content = Uint8Array.from(Buffer.concat([length, text, numbers]));
      const fragment = seal(key, mutator.below(4) === 0 ? mutator.bytes(content) : content);
      const end = await attempt(
        async () => {
          const link = await decodeLink(fragment);
          expect(link.hash).toMatch(/^[0-9a-f]{16}$/);
          if (link.kind === "model")
            for (const { rows, columns, data } of Object.values(link.weights)) {
              expect(data.length).toBe(rows * columns);
              expect(data.every(Number.isFinite)).toBe(true);
            }
        },
        () => fragment,
      );
      ++ends[end];
    }
    expect(ends.taken).toBeGreaterThan(100);
    expect(ends.refused).toBeGreaterThan(1000);
  });
});

describe("mutations of what the engine reads", { timeout: 300_000 }, () => {
  /** Memory of a module grows and never shrinks, so its size tells the most that was ever taken. */
  const mostMemory = 256 * 2 ** 20;
  const run = small({ task: { N_batch: 4 }, network: { N_rec: 5 } });
  let engine: Engine;
  let session: Session;
  let standing: { hash: string; state: Uint8Array };

  beforeAll(async () => {
    engine = await load({ threads: 1 });
    session = engine.open(run);
    session.step({ iterations: 5 });
    standing = { hash: session.hash(), state: session.saveState() };
  });
  afterAll(() => {
    session[Symbol.dispose]();
    expect(engine.handles()).toBe(0);
    expect(engine.memory()).toBeLessThan(mostMemory);
    engine[Symbol.dispose]();
  });

  /** An archive of which bytes were changed, or an array in it, whose checksum then fits. */
  function changed(mutator: Mutator, archive: Uint8Array): Uint8Array {
    if (mutator.below(4) === 0) return mutator.bytes(archive);
    const members = membersOf(archive);
    const key = mutator.pick(Object.keys(members));
    const member = members[key] ?? new Uint8Array();
    // mostly its header
    const cut = mutator.below(3) === 0 ? 0 : Math.min(128, member.length);
    const bytes =
      cut === 0
        ? mutator.bytes(member)
        : Buffer.concat([mutator.bytes(member.slice(0, cut)), member.slice(cut)]);
    return npz({ ...members, [key]: Uint8Array.from(bytes) });
  }

  function expectNothingChanged(archive: Uint8Array): void {
    if (session.hash() !== standing.hash) throw new Error(`The weights were changed by ${inBase64(archive)}`);
  }

  it("saved runs: refused ones change nothing", async () => {
    const mutator = new Mutator(3);
    const ends = { taken: 0, refused: 0 };
    for (let i = 0; i < count; ++i) {
      const archive = changed(mutator, standing.state);
      const end = await attempt(
        () => session.restoreState(archive),
        () => inBase64(archive),
      );
      ++ends[end];
      if (end === "refused") expectNothingChanged(archive);
      else session.restoreState(standing.state);
      if (i % 500 === 0) expect(session.saveState()).toEqual(standing.state);
    }
    expect(session.saveState()).toEqual(standing.state);
    expect(ends.refused).toBeGreaterThan(1000);
  });

  it("files of weights: refused ones change nothing", async () => {
    const mutator = new Mutator(4);
    const weights = session.exportWeights();
    for (let i = 0; i < count; ++i) {
      const archive = changed(mutator, weights);
      const end = await attempt(
        () => session.importWeights(archive),
        () => inBase64(archive),
      );
      if (end === "refused") expectNothingChanged(archive);
      else session.restoreState(standing.state);
    }
    expect(session.saveState()).toEqual(standing.state);
  });

  it("documents: refused ones have a problem, the others are resolved", async () => {
    const mutator = new Mutator(5);
    const files: Files = { "own.npz": { M: { shape: [5, 5], data: new Float32Array(25).fill(1) } } };
    const documents: ExperimentDocument[] = [
      run,
      { ...run, curriculum: { stages: [{ task: { coherence: 0.7 } }], metric_epoch: 5 } },
      small({ network: { N_rec: 5, dale_ratio: 0.8, rec_connectivity: { file: "own.npz", key: "M" } } }),
      { nullcline: 1, task: { type: "MatchToCategory" }, network: { type: "LSTM", N_rec: 4 } },
    ];
    const texts = documents.map((document) => JSON.stringify(document));
    let valid = 0;
    for (let i = 0; i < count; ++i) {
      const example = mutator.pick(texts);
      const text = mutator[i % 2 === 0 ? "text" : "number"](example, piecesOfDocuments);
      await attempt(
        () => {
          const { problems, document } = engine.check(text, { files });
          if ((document === null) !== problems.length > 0) throw new Error("neither problems nor a document");
          if (document !== null) ++valid;
        },
        () => text,
      );
    }
    expect(valid).toBeGreaterThan(100);
    expectNothingChanged(new Uint8Array());
  });

  it("files of trials", async () => {
    const mutator = new Mutator(6);
    const document = {
      nullcline: 1,
      task: { type: "Trials", file: "own.npz" },
      network: { type: "Basic", N_rec: 4 },
    };
    const ones = new Float32Array(24).fill(1);
    const archive = npz(
      { x: npy([3, 4, 2], ones), y: npy([3, 4, 2], ones), mask: npy([3, 4, 2], ones) },
      true,
    );
    for (let i = 0; i < count; ++i) {
      const bytes = changed(mutator, archive);
      await attempt(
        () => engine.check(document, { files: { "own.npz": bytes } }),
        () => inBase64(bytes),
      );
    }
  });
});
