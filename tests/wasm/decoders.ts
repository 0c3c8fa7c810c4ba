/**
 * Everything that reads what may come from a stranger, each with a source of damaged and harmful inputs that are the same
 * with every run. Node and browsers run these alike; the engine may be in a worker.
 */

import {
  NullclineError,
  type Engine,
  type ExperimentDocument,
  type Files,
  type Lesion,
  type RemoteEngine,
  type RemoteSession,
  type Session,
} from "nullcline";
import { decodeLink, encodeLink, type Link } from "nullcline/links";
import { seal } from "../../wasm/dist/links/seal.js";
import { recognise } from "../../web/src/features/files/recognise";
import { membersOf, npy, npz } from "./archives";
import { Mutator, piecesOfDocuments, piecesOfLesions, piecesOfLinks, piecesOfTables } from "./mutations";

export type AnyEngine = Engine | RemoteEngine;
type AnySession = Session | RemoteSession;

export interface Attempt {
  /** May throw a `NullclineError` or a `Refused`. */
  decode: () => unknown;
  shown: () => string;
}

export interface Trial {
  next: () => Attempt;
  /** Complains, by throwing, of what should not have changed; puts back what may have. */
  after?: (taken: boolean) => unknown;
  /** When all is over. */
  end?: () => unknown;
}

export interface Decoder {
  name: string;
  begin: (engine: AnyEngine) => Promise<Trial>;
  /** Of ten thousand inputs at least so many are taken and refused; otherwise they would test little. */
  least: { taken: number; refused: number };
}

export interface Outcome {
  taken: number;
  refused: number;
  /** Of the longest of them. */
  milliseconds: number;
  /** Bytes that the engine ever took: the memory of a module never shrinks. */
  memory: number;
  /** By how many bytes the heap of who asks was at most larger than at the beginning. */
  heap: number;
  /** What should not have happened; the first few. */
  complaints: string[];
}

/** What is measured differently in Node and in a browser. */
export interface Gauges {
  milliseconds: () => number;
  heap: () => number;
}

export const count = 10_000;
/** An input that is refused or taken later than this was too much. */
const mostMilliseconds = 1000;
/** Bytes that no decoder here may take: of the engine in all, and of the page beyond what it had. */
export const mostMemory = 128 * 2 ** 20;
export const mostHeap = 256 * 2 ** 20;

/** A sentence of the page's own readers, which throw nothing. */
class Refused extends Error {}

export async function mutate(decoder: Decoder, engine: AnyEngine, gauges: Gauges): Promise<Outcome> {
  const outcome: Outcome = { taken: 0, refused: 0, milliseconds: 0, memory: 0, heap: 0, complaints: [] };
  const complain = (what: string): void => {
    if (outcome.complaints.length < 5) outcome.complaints.push(what);
  };
  const trial = await decoder.begin(engine);
  const before = gauges.heap();
  for (let i = 0; i < count; ++i) {
    const { decode, shown } = trial.next();
    let [told, took] = await timed(decode, gauges);
    // Where others took the processor meanwhile, it is quick the second time.
    if (took > mostMilliseconds) [told, took] = await timed(decode, gauges);
    if (typeof told === "object") complain(`${told.wrong} came of ${shown()}`);
    if (took > mostMilliseconds) complain(`${took.toFixed(0)} ms were spent on ${shown()}`);
    outcome.milliseconds = Math.max(outcome.milliseconds, took);
    ++outcome[told === "" ? "taken" : "refused"];
    try {
      await trial.after?.(told === "");
    } catch (error) {
      complain(`${String(error)} After ${shown()}`);
    }
    outcome.heap = Math.max(outcome.heap, gauges.heap() - before);
  }
  await trial.end?.();
  outcome.memory = await engine.memory();
  return outcome;
}

type Told = string | { wrong: string };

async function timed(decode: () => unknown, { milliseconds }: Gauges): Promise<[Told, number]> {
  const start = milliseconds();
  const told = await refusalOf(decode);
  return [told, milliseconds() - start];
}

/** The sentence that something is refused with; empty where it is taken. */
async function refusalOf(decode: () => unknown): Promise<Told> {
  try {
    await decode();
    return "";
  } catch (error) {
    const known = error instanceof NullclineError || error instanceof Refused;
    const sentence = known && error.message !== "" && error.message.length <= 2000;
    return sentence ? error.message : { wrong: String(error) };
  }
}

/** What must hold of what was taken. */
function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

async function dispose(session: AnySession): Promise<void> {
  if (Symbol.dispose in session) session[Symbol.dispose]();
  else await session[Symbol.asyncDispose]();
}

const inBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes.subarray(0, 3000)));
const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}

/** An archive of which bytes were changed, or an array in it, whose checksum then fits. */
function changed(mutator: Mutator, archive: Uint8Array): Uint8Array {
  if (mutator.below(4) === 0) return mutator.bytes(archive);
  const members = membersOf(archive);
  const key = mutator.pick(Object.keys(members));
  const member = members[key] ?? new Uint8Array();
  // mostly its header
  const cut = mutator.below(3) === 0 ? 0 : Math.min(128, member.length);
  const bytes =
    cut === 0 ? mutator.bytes(member) : joined(mutator.bytes(member.slice(0, cut)), member.slice(cut));
  return npz({ ...members, [key]: bytes });
}

const run: ExperimentDocument = {
  nullcline: 1,
  name: "Daleʼs law",
  task: { type: "PerceptualDiscrimination", T: 400, dt: 20, N_batch: 4 },
  network: { type: "Basic", N_rec: 5 },
  training: { iterations: 60, loss_epoch: 5 },
};

/** A run that was trained a little, which every refused input must leave as it is. */
async function standing(engine: AnyEngine) {
  const session = await engine.open(run);
  await session.step({ iterations: 5 });
  const [hash, state] = [await session.hash(), await session.saveState()];
  return {
    session,
    state,
    after: async (taken: boolean): Promise<void> => {
      if (taken) await session.restoreState(state);
      else must((await session.hash()) === hash, "The weights were changed.");
    },
    end: async (): Promise<void> => {
      const now = await session.saveState();
      await dispose(session);
      must(
        now.length === state.length && now.every((byte, place) => byte === state[place]),
        "The run was changed.",
      );
    },
  };
}

const matrix = (rows: number, columns: number) => ({
  rows,
  columns,
  data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
});
const common = {
  document: run,
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

const ones = new Float32Array(24).fill(1);
const trialsArchive = npz(
  { x: npy([3, 4, 2], ones), y: npy([3, 4, 2], ones), mask: npy([3, 4, 2], ones) },
  true,
);
const ownTrials: ExperimentDocument = {
  nullcline: 1,
  task: { type: "Trials", file: "own.npz" },
  network: { type: "Basic", N_rec: 4 },
};
const table =
  "time,input_1,input_2,target_1,target_2,mask\n" +
  [0, 1].map(() => [0, 10, 20].map((at) => `${at},0.2,0.5,1,0,1\n`).join("")).join("\n");

async function linkTexts(): Promise<Trial> {
  const mutator = new Mutator(1);
  const fragments = await Promise.all(links.map(encodeLink));
  return {
    next: () => {
      const fragment = mutator.text(mutator.pick(fragments), piecesOfLinks);
      return {
        decode: async () => {
          const again = await encodeLink(await decodeLink(fragment));
          must(fragments.includes(again), "Another link was read.");
        },
        shown: () => fragment,
      };
    },
  };
}

/** Key, head and numbers of a link, as they stand behind its checksum. */
function contentOf(link: Link, version: number): { key: string; head: string; numbers: Uint8Array } {
  const { document, iteration, hash, sharing } = link;
  const own =
    link.kind === "model"
      ? {
          precision: link.precision,
          matrices: Object.entries(link.weights).map(([name, { rows, columns }]) => [name, rows, columns]),
        }
      : { arithmetic: link.arithmetic, numerics: link.numericsVersion };
  const head = JSON.stringify({ document, iteration, hash, ...own, ...sharing });
  const size = link.kind === "model" ? { int8: 78, float16: 108 }[link.precision] : 0;
  return {
    key: `${link.kind === "recipe" ? "r" : "m"}${version}`,
    head,
    numbers: new Uint8Array(size).fill(60),
  };
}

async function sealedLinks(): Promise<Trial> {
  const mutator = new Mutator(2);
  const contents = links.flatMap((link) => [1, 2].map((version) => contentOf(link, version)));
  return Promise.resolve({
    next: () => {
      const { key, head, numbers } = mutator.pick(contents);
      const text = encoded(mutator.text(head, piecesOfDocuments));
      const content = joined(new Uint8Array(new Uint32Array([text.length]).buffer), text, numbers);
      const fragment = seal(key, mutator.below(4) === 0 ? mutator.bytes(content) : content);
      return {
        decode: async () => {
          const link = await decodeLink(fragment);
          must(/^[0-9a-f]{16}$/.test(link.hash), "It has no hash.");
          if (link.kind === "recipe") return;
          for (const { rows, columns, data } of Object.values(link.weights))
            must(data.length === rows * columns && data.every(Number.isFinite), "It has no matrix.");
        },
        shown: () => fragment,
      };
    },
  });
}

async function savedRuns(engine: AnyEngine): Promise<Trial> {
  const mutator = new Mutator(3);
  const { session, state, after, end } = await standing(engine);
  return {
    next: () => {
      const archive = changed(mutator, state);
      return { decode: () => session.restoreState(archive), shown: () => inBase64(archive) };
    },
    after,
    end,
  };
}

async function weightFiles(engine: AnyEngine): Promise<Trial> {
  const mutator = new Mutator(4);
  const { session, after, end } = await standing(engine);
  const original = await session.exportWeights();
  return {
    next: () => {
      const archive = changed(mutator, original);
      return { decode: () => session.importWeights(archive), shown: () => inBase64(archive) };
    },
    after,
    end,
  };
}

async function documents(engine: AnyEngine): Promise<Trial> {
  const mutator = new Mutator(5);
  const { after, end } = await standing(engine);
  const files: Files = { "own.npz": { M: { shape: [5, 5], data: new Float32Array(25).fill(1) } } };
  const network = {
    type: "Basic",
    N_rec: 5,
    dale_ratio: 0.8,
    rec_connectivity: { file: "own.npz", key: "M" },
  };
  const texts = [
    run,
    { ...run, curriculum: { stages: [{ task: { coherence: 0.7 } }], metric_epoch: 5 } },
    { ...run, network },
    { nullcline: 1, task: { type: "MatchToCategory" }, network: { type: "LSTM", N_rec: 4 } },
  ].map((document) => JSON.stringify(document));
  let turn = 0;
  return {
    next: () => {
      const text = mutator[++turn % 2 === 0 ? "text" : "number"](mutator.pick(texts), piecesOfDocuments);
      return {
        decode: async () => {
          const { problems, document } = await engine.check(text, { files });
          must((document === null) === problems.length > 0, "There are neither problems nor a document.");
          if (problems[0]) throw new Refused(problems[0].message);
        },
        shown: () => text,
      };
    },
    after,
    end,
  };
}

/** Problems of a document, as the refusal that they are. */
async function expectValid(engine: AnyEngine, document: ExperimentDocument, files: Files): Promise<void> {
  const { problems } = await engine.check(document, { files });
  if (problems[0]) throw new Refused(problems[0].message);
}

async function trialArchives(engine: AnyEngine): Promise<Trial> {
  const mutator = new Mutator(6);
  const { after, end } = await standing(engine);
  return {
    next: () => {
      const bytes = changed(mutator, trialsArchive);
      return {
        decode: () => expectValid(engine, ownTrials, { "own.npz": bytes }),
        shown: () => inBase64(bytes),
      };
    },
    after,
    end,
  };
}

async function trialTables(engine: AnyEngine): Promise<Trial> {
  const mutator = new Mutator(7);
  const { after, end } = await standing(engine);
  return {
    next: () => {
      const text = mutator[mutator.below(2) === 0 ? "text" : "number"](table, piecesOfTables);
      return {
        decode: async () => {
          const found = recognise(encoded(text), "own.csv");
          if (found.kind === "refused") throw new Refused(found.reason);
          if (found.kind === "trials") await expectValid(engine, ownTrials, { "own.npz": found.content });
        },
        shown: () => text,
      };
    },
    after,
    end,
  };
}

async function lesions(engine: AnyEngine): Promise<Trial> {
  const mutator = new Mutator(8);
  const { session, after, end } = await standing(engine);
  const trials = await session.trials({ count: 2 });
  const connectivity = Array.from({ length: 25 }, (_, i) => i % 2);
  const texts = [
    { units: [0, 3] },
    { units: [1], window: [100, 300] },
    { connectivity, window: [0, 20] },
    { tConnectivity: Array.from({ length: 25 * trials.N_steps }, () => 1) },
  ].map((lesion) => JSON.stringify(lesion));
  return {
    next: () => {
      const text = mutator[mutator.below(4) === 0 ? "text" : "number"](mutator.pick(texts), piecesOfLesions);
      return {
        decode: async () => {
          const lesion = objectIn(text) as Lesion;
          const { outputs } = await session.run(trials, { lesion });
          must(outputs.length === trials.y.length, "It answers for other trials.");
        },
        shown: () => text,
      };
    },
    after: () => after(false),
    end,
  };
}

function objectIn(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("It is not JSON.");
  }
  if (typeof value !== "object" || value === null) throw new Refused("It is not an object.");
  return value;
}

/** Networks that a file may ask for here: more would be slow because they are large. */
const mostOpened = 2e6;

async function wholeFiles(engine: AnyEngine): Promise<Trial> {
  const mutator = new Mutator(9);
  const { session, state, after, end } = await standing(engine);
  const archives = [state, state, await session.exportWeights(), trialsArchive];
  return {
    next: () => {
      const bytes =
        mutator.below(8) === 0
          ? encoded(mutator.text(JSON.stringify(run), piecesOfDocuments))
          : changed(mutator, mutator.pick(archives));
      return { decode: () => openFile(engine, bytes), shown: () => inBase64(bytes) };
    },
    // What is opened is a run of its own.
    after: () => after(false),
    end,
  };
}

/** As the page opens what is dropped on it. */
async function openFile(engine: AnyEngine, bytes: Uint8Array): Promise<void> {
  const found = recognise(bytes, "dropped");
  if (found.kind === "refused") throw new Refused(found.reason);
  if (found.kind === "trials") await expectValid(engine, ownTrials, { "own.npz": found.content });
  if (found.kind !== "experiment" && found.kind !== "state") return;
  const { problems, shape } = await engine.check(found.document);
  if (problems[0]) throw new Refused(problems[0].message);
  if (found.kind === "experiment" || !shape || shape.memory > mostOpened) return;
  const opened = await engine.open(found.document);
  try {
    await opened.restoreState(found.content);
  } finally {
    await dispose(opened);
  }
}

export const decoders: Decoder[] = [
  { name: "links", begin: linkTexts, least: { taken: 0, refused: 5000 } },
  { name: "links behind a checksum that fits", begin: sealedLinks, least: { taken: 100, refused: 1000 } },
  { name: "saved runs", begin: savedRuns, least: { taken: 100, refused: 1000 } },
  { name: "files of weights", begin: weightFiles, least: { taken: 100, refused: 1000 } },
  { name: "documents", begin: documents, least: { taken: 100, refused: 1000 } },
  { name: "files of trials", begin: trialArchives, least: { taken: 100, refused: 1000 } },
  { name: "tables of trials", begin: trialTables, least: { taken: 100, refused: 1000 } },
  { name: "lesions", begin: lesions, least: { taken: 100, refused: 1000 } },
  { name: "whole files", begin: wholeFiles, least: { taken: 100, refused: 1000 } },
];
