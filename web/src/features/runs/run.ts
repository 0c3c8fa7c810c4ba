/** A run as it is kept: what the list shows of it, what it goes on from, and the parts that seldom change. */

import type { Arrays, ExperimentDocument, FileBytes, Files, HistoryPoint, Lesion, Weights } from "nullcline";
import type { Sharing } from "nullcline/links";
import { without } from "../../json";
import { isRestricted } from "../links/sharing";
import { calledBy, runName, type Called } from "./words";
import type { KeptNetwork, MeasuredTest, Moment, Start, Tested } from "../../state/moment";

/** Rises when runs are written in another way. */
export const version = 1;

/** What the list of runs shows of one. */
export interface Summary {
  id: string;
  version: number;
  name: string;
  /** Milliseconds since 1970. */
  created: number;
  changed: number;
  /** The task's type. */
  task: string;
  /** The network's type and units; runs that were kept before there was a use for them have none. */
  network?: string | undefined;
  N_rec?: number | undefined;
  iteration: number;
  iterations: number;
  /** Share of correct choices on fresh trials, or in the last batch that was recorded; null where there is none. */
  accuracy: number | null;
  hash: string;
  /** Heights from 0 to 1: accuracy where there is one, else the loss. */
  thumbnail: number[];
  /** What it takes of the storage, about. */
  bytes: number;
  /** Another one each time that the run is written: by it a tab sees that another tab wrote in between. */
  stamp?: string | undefined;
}

/** A run's network without what is kept in parts, and without what its state tells. */
type Network = Omit<KeptNetwork, "start" | "history">;

/** What is written every time. */
export interface Content {
  id: string;
  version: number;
  draft: ExperimentDocument;
  network: Network | null;
  /** Fields that whoever sent the experiment has hidden or locked; there where there are any. */
  sharing?: Sharing;
  /** What is taken away in the views; there where anything is. */
  lesion?: Lesion;
}

/** What is written only where it has changed: files, and the weights that the run began with. */
export type Parts = { [key: string]: FileBytes | Arrays | Start };

export interface Run {
  summary: Summary;
  content: Content;
  parts: Parts;
}

const startKey = "start";
const filePrefix = "file:";

/** Points of a thumbnail. */
const mostPoints = 48;

/** The moment as it is kept; `before` is what was kept of the same run. */
export function runOf(moment: Moment, time: number, before: Summary | null): Run {
  const { run: id, draft, files, network, sharing = {}, lesion } = moment;
  const parts: Parts = Object.fromEntries(
    Object.entries(files).map(([name, content]) => [filePrefix + name, content]),
  );
  if (network?.start) parts[startKey] = network.start;
  const content: Content = {
    id,
    version,
    draft,
    network: network && withoutParts(network),
    ...(isRestricted(sharing) ? { sharing } : {}),
    ...(network && lesion ? { lesion } : {}),
  };
  const summary: Summary = {
    id,
    version,
    ...calledBy(draft, network?.resolved ?? null),
    created: before?.created ?? time,
    changed: time,
    iteration: network?.iteration ?? 0,
    iterations: network?.iterations ?? 0,
    accuracy: accuracyOf(network),
    hash: network?.hash ?? "",
    thumbnail: thumbnailOf(network?.history ?? []),
    bytes: bytesIn(content) + bytesIn(parts),
    stamp: before?.stamp,
  };
  return { summary, content, parts };
}

function withoutParts(network: KeptNetwork): Network {
  const { document, resolved, state, iteration, iterations, hash, before, now } = network;
  return { document, resolved, state, iteration, iterations, hash, before, now };
}

function accuracyOf(network: KeptNetwork | null): number | null {
  if (!network) return null;
  const { iteration, now, before, history } = network;
  const tested = iteration === 0 ? before : now?.iteration === iteration ? now : null;
  const accuracy = tested?.accuracy ?? history.at(-1)?.accuracy ?? NaN;
  return Number.isFinite(accuracy) ? accuracy : null;
}

/** The learning curve in a few heights: the mean of each stretch of it. */
export function thumbnailOf(history: HistoryPoint[]): number[] {
  const scored = history.filter(({ accuracy }) => Number.isFinite(accuracy)).length * 2 >= history.length;
  const all = history
    .map(({ loss, accuracy }) => (scored ? accuracy : loss))
    .filter((value) => Number.isFinite(value));
  const highest = scored ? 1 : all.reduce((most, value) => Math.max(most, value), 0);
  if (all.length === 0 || highest <= 0) return [];
  const points = Math.min(mostPoints, all.length);
  return Array.from({ length: points }, (_, point) => {
    const stretch = all.slice(
      Math.floor((point * all.length) / points),
      Math.floor(((point + 1) * all.length) / points),
    );
    const mean = stretch.reduce((sum, value) => sum + value, 0) / stretch.length;
    return Math.round((1000 * mean) / highest) / 1000;
  });
}

/** About how much storage a value takes. */
function bytesIn(value: unknown): number {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, part]) => sum + key.length + bytesIn(part), 0);
}

/** A run that is kept, as the page takes it up again. */
export function momentOf({ content, parts }: Run): Moment {
  const { id, draft, network, sharing = {}, lesion = null } = content;
  const files: Files = {};
  let start: Start | null = null;
  for (const [key, part] of Object.entries(parts))
    if (key === startKey) start = part as Start;
    else files[key.slice(filePrefix.length)] = part as FileBytes | Arrays;
  // The learning curve stands in the state.
  return {
    run: id,
    draft,
    files,
    network: network && { ...network, start, history: [] },
    touched: true,
    sharing,
    lesion,
  };
}

/** The same run under another name. */
export function renamed({ summary, content, parts }: Run, name: string): Run {
  const rest = without(content.draft, "name");
  const draft: ExperimentDocument = name === "" ? rest : { ...rest, name };
  return { summary: { ...summary, name }, content: { ...content, draft }, parts };
}

/** The same run again, to go another way. */
export function copyOf(run: Run, id: string, time: number): Run {
  const { summary, content, parts } = renamed(run, copyName(run.summary));
  return {
    summary: { ...summary, id, created: time, changed: time, stamp: undefined },
    content: { ...content, id },
    parts,
  };
}

export function copyName(run: Called): string {
  return `${runName(run).slice(0, 190)} (copy)`;
}

// What is read back may have been written by another version of the page, or be damaged.

type Unknown = { [field: string]: unknown };

function isRecord(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";
const isCount = (value: unknown): value is number => isNumber(value) && value >= 0 && Number.isFinite(value);

function isSummary(value: unknown): value is Summary {
  return (
    isRecord(value) &&
    [value.id, value.name, value.task, value.hash].every(isText) &&
    (value.network === undefined || isText(value.network)) &&
    (value.N_rec === undefined || isCount(value.N_rec)) &&
    (value.stamp === undefined || isText(value.stamp)) &&
    [value.created, value.changed, value.iteration, value.iterations, value.bytes].every(isCount) &&
    (value.accuracy === null || isNumber(value.accuracy)) &&
    Array.isArray(value.thumbnail) &&
    value.thumbnail.length <= mostPoints &&
    value.thumbnail.every(isCount)
  );
}

function isTest(value: unknown): value is Tested {
  return (
    isRecord(value) && [value.count, value.scored, value.correct, value.accuracy, value.loss].every(isNumber)
  );
}

function isMeasured(value: unknown): value is MeasuredTest {
  return isTest(value) && "iteration" in value && isCount(value.iteration);
}

function isNetwork(value: unknown): value is Network {
  return (
    isRecord(value) &&
    isRecord(value.document) &&
    isRecord(value.resolved) &&
    (value.state === null || value.state instanceof Uint8Array) &&
    isCount(value.iteration) &&
    isCount(value.iterations) &&
    isText(value.hash) &&
    (value.before === null || isTest(value.before)) &&
    (value.now === null || isMeasured(value.now))
  );
}

function isSharing(value: unknown): value is Sharing {
  return (
    isRecord(value) &&
    [value.hidden, value.locked].every(
      (paths) => paths === undefined || (Array.isArray(paths) && paths.every(isText)),
    )
  );
}

function isLesion(value: unknown): value is Lesion {
  if (!isRecord(value)) return false;
  const { units = [], window = [0, 0], connectivity, tConnectivity } = value;
  return (
    [units, window].every((list) => Array.isArray(list) && list.every(isCount)) &&
    [connectivity, tConnectivity].every((matrix) => matrix === undefined || matrix instanceof Float32Array)
  );
}

function isContent(value: unknown): value is Content {
  return (
    isRecord(value) &&
    isText(value.id) &&
    isRecord(value.draft) &&
    (value.network === null || isNetwork(value.network)) &&
    (value.sharing === undefined || isSharing(value.sharing)) &&
    (value.lesion === undefined || isLesion(value.lesion))
  );
}

function isMatrices(value: unknown): value is Weights {
  return (
    isRecord(value) &&
    Object.values(value).every(
      (matrix) =>
        isRecord(matrix) &&
        isCount(matrix.rows) &&
        isCount(matrix.columns) &&
        matrix.data instanceof Float32Array &&
        matrix.data.length === matrix.rows * matrix.columns,
    )
  );
}

function isStart(value: unknown): value is Start {
  return (
    isRecord(value) &&
    isMatrices(value.base) &&
    (value.weightsBefore === null || isMatrices(value.weightsBefore)) &&
    (value.rawBefore === null || isMatrices(value.rawBefore)) &&
    (value.iterations === undefined || isCount(value.iterations))
  );
}

function isFile(value: unknown): value is FileBytes | Arrays {
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return true;
  return (
    isRecord(value) &&
    Object.values(value).every(
      (array) =>
        isRecord(array) &&
        Array.isArray(array.shape) &&
        array.shape.every(isCount) &&
        (ArrayBuffer.isView(array.data) || (Array.isArray(array.data) && array.data.every(isNumber))),
    )
  );
}

function isParts(value: Unknown): value is Parts {
  return Object.entries(value).every(([key, part]) =>
    key === startKey ? isStart(part) : key.startsWith(filePrefix) && isFile(part),
  );
}

const newer = "It was written by a newer version of this page; reload the page, or delete the run.";
const damaged = "What is kept of it is damaged and cannot be read; it can only be deleted.";

/** Why a run cannot be read. */
export interface Unreadable {
  id: string;
  unreadable: string;
}

export function isUnreadable(run: object): run is Unreadable {
  return "unreadable" in run;
}

function refusal(id: string, written: unknown): Unreadable {
  const isNewer = isRecord(written) && isNumber(written.version) && written.version > version;
  return { id, unreadable: isNewer ? newer : damaged };
}

export function readSummary(id: string, value: unknown): Summary | Unreadable {
  return isSummary(value) && value.version === version && value.id === id ? value : refusal(id, value);
}

export function readRun(id: string, summary: unknown, content: unknown, parts: Unknown): Run | Unreadable {
  const read = readSummary(id, summary);
  if (isUnreadable(read)) return read;
  if (!isContent(content) || content.version !== version || content.id !== id) return refusal(id, content);
  return isParts(parts) ? { summary: read, content, parts } : refusal(id, null);
}
