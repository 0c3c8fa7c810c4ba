/** Reads the inside of a link: the length of a JSON head, the head, and the numbers of a model's matrices one after the other. */

import type { Arithmetic, ExperimentDocument, Json, Weights } from "../api.js";
import { NullclineError, problem } from "../errors.js";
import { mostCharacters, unseal } from "./envelope.js";
import { badLink, counted, tooLarge } from "./errors.js";
import { parseJson, shown } from "./json.js";
import type { Link, Sharing } from "./link.js";
import { packings, type Precision } from "./precision.js";

/** What is written. Rises whenever links are written that readers of before would misread; all before it are read. */
export const version = 2;
export const letters = { recipe: "r", model: "m" } as const;

export const mostHead = 2 ** 20;
const mostMatrices = 64;
export const mostWeights = 2 ** 21;
const mostUpdates = 0x7fffffff;
const mostPaths = 200;
const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** All of a document but its name. */
const all = "*";
/** Stands before what is left out again. */
const except = "!";
const pathForm = /^[A-Za-z_][A-Za-z0-9_]{0,63}(\.[A-Za-z_][A-Za-z0-9_]{0,63}|\[\d{1,4}\]){0,15}$/;
const hashForm = /^[0-9a-f]{16}$/;

/** Names in the head, short since links are to be. */
const fields = {
  common: ["document", "iteration", "hash", "hidden", "locked"],
  recipe: ["arithmetic", "numerics"],
  model: ["precision", "matrices"],
};

export type Head = { [field: string]: Json };

/**
 * Reads what stands behind the `#` of an address. Throws a `NullclineError` where it cannot be read as it was made, with
 * one of the codes "not_a_link", "newer_link", "cut_link", "bad_link" and "too_large".
 */
export function decodeLink(fragment: string): Promise<Link> {
  return Promise.resolve().then(() => decode(fragment));
}

/** Whether a fragment, with or without its `#`, means to be such a link, whole or not. */
export function isLink(fragment: string): boolean {
  return keyForm.test(tidied(fragment.slice(0, 100)));
}

const keyForm = /^([rm])([1-9]\d{0,5})=/;

export function decode(fragment: string): Link {
  if (fragment.length > mostCharacters) {
    throw tooLarge(
      `This link has ${counted(fragment.length)} characters; at most ${counted(mostCharacters)} are read.`,
    );
  }
  const { kind, key, version, text } = keyed(tidied(fragment));
  const content = unseal(key, text);
  const { head, rest } = headAndRest(content);
  demandFields(head, [...fields.common, ...fields[kind]]);
  const sharing = sharingOf(head, version);
  const common = {
    document: documentOf(head.document),
    iteration: whole(head.iteration, mostUpdates, "its number of updates"),
    hash: hashOf(head.hash),
    ...(sharing === undefined ? {} : { sharing }),
  };
  if (kind === "recipe") {
    if (rest.length > 0) throw badLink("it holds more than it says");
    const numericsVersion = whole(head.numerics, mostUpdates, "its version of the numerics");
    return { kind, ...common, arithmetic: arithmeticOf(head.arithmetic), numericsVersion };
  }
  const precision = precisionOf(head.precision);
  return { kind, ...common, precision, weights: weightsOf(head.matrices, precision, rest) };
}

/**
 * Without what copying adds around it: spaces, line breaks, marks of the sentence that it stood in, and fields that programs
 * hang on to addresses (&utm_source=…). None of it can be part of a link, whose checksum tells whether the rest is whole.
 */
function tidied(fragment: string): string {
  return fragment
    .replace(/\s+/g, "")
    .replace(/^#/, "")
    .replace(/^([a-z]\d+)%3D/i, "$1=")
    .replace(/^([rm]\d+=[^&?]*)[&?].*$/, "$1")
    .replace(/[.,;:!?)\]}>'"*]{1,8}$/, "");
}

function keyed(fragment: string): { kind: "recipe" | "model"; key: string; version: number; text: string } {
  const [start = "", letter = "", digits = ""] = keyForm.exec(fragment) ?? [];
  if (start === "") {
    throw new NullclineError(
      problem(
        "not_a_link",
        "This is no link of Nullcline: what follows the # does not begin with r1=, r2=, m1= or m2=.",
        "Copy the whole address, from https:// to its end.",
      ),
    );
  }
  if (Number(digits) > version) {
    throw new NullclineError(
      problem(
        "newer_link",
        `This link was made by a newer Nullcline: it has the version ${Number(digits)}, and versions up to ${version} are read here.`,
        "Load the page anew, or ask for the model as a file.",
      ),
    );
  }
  return {
    kind: letter === "r" ? "recipe" : "model",
    key: start.slice(0, -1),
    version: Number(digits),
    text: fragment.slice(start.length),
  };
}

function headAndRest(content: Uint8Array): { head: Head; rest: Uint8Array } {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const end = 4 + (content.length < 4 ? Infinity : view.getUint32(0, true));
  if (end > content.length || end > mostHead) throw badLink("its parts do not fit");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content.subarray(4, end));
  } catch {
    throw badLink("its text is not UTF-8");
  }
  return { head: object(parseJson(text), "its head"), rest: content.subarray(end) };
}

function demandFields(head: Head, known: string[]): void {
  const unknown = Object.keys(head).find((field) => !known.includes(field));
  if (unknown !== undefined) throw badLink(`it holds ${shown(unknown)}, which is unknown`);
}

function documentOf(value: Json | undefined): ExperimentDocument {
  return object(value, "its experiment");
}

function object(value: Json | undefined, what: string): { [key: string]: Json } {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw badLink(`${what} is not an object`);
}

function whole(value: Json | undefined, most: number, what: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw badLink(`${what} is not a whole number from 0 to ${most}`);
}

function hashOf(value: Json | undefined): string {
  if (typeof value === "string" && hashForm.test(value)) return value;
  throw badLink("its hash is not 16 hexadecimal digits");
}

function arithmeticOf(value: Json | undefined): Arithmetic {
  if (value === "plain" || value === "fused") return value;
  throw badLink("its arithmetic is neither plain nor fused");
}

function precisionOf(value: Json | undefined): Precision {
  if (value === "int8" || value === "float16") return value;
  throw badLink("its precision is neither int8 nor float16");
}

function sharingOf({ hidden, locked }: Head, version: number): Sharing | undefined {
  if (hidden === undefined && locked === undefined) return undefined;
  return {
    ...(hidden === undefined ? {} : { hidden: pathsOf(hidden, "hides", version) }),
    ...(locked === undefined ? {} : { locked: pathsOf(locked, "locks", version) }),
  };
}

function pathsOf(value: Json, does: string, version: number): string[] {
  if (!Array.isArray(value) || value.length > mostPaths) {
    throw badLink(`what it ${does} is not a list of at most ${mostPaths} fields`);
  }
  const paths = value.map((path) => {
    if (typeof path === "string" && (version === 1 ? pathForm.test(path) : isEntry(path))) return path;
    throw badLink(`what it ${does} is not the path of a field`);
  });
  const listed = paths.filter((path) => !path.startsWith(except));
  for (const path of paths) {
    const own = path.slice(except.length);
    if (path.startsWith(except) && !listed.some((one) => one === all || isBelow(own, one)))
      throw badLink(`what it ${does} leaves out ${shown(own)}, which it did not name before`);
  }
  return paths;
}

function isEntry(text: string): boolean {
  return text === all || pathForm.test(text.startsWith(except) ? text.slice(except.length) : text);
}

function isBelow(path: string, section: string): boolean {
  return path.startsWith(`${section}.`) || path.startsWith(`${section}[`);
}

/** Shapes and sizes are checked for all matrices before the first of them is made. */
function weightsOf(list: Json | undefined, precision: Precision, bytes: Uint8Array): Weights {
  const { size, unpack } = packings[precision];
  const matrices = matricesOf(list);
  const count = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const wanted = matrices.reduce((sum, { rows, columns }) => sum + size(rows, columns), 0);
  if (count > mostWeights) throw badLink(`it claims to hold ${count} weights`);
  if (wanted !== bytes.length) throw badLink("its weights are not as many as it says");
  const weights: Weights = {};
  let place = 0;
  for (const { name, rows, columns } of matrices) {
    const end = place + size(rows, columns);
    weights[name] = { rows, columns, data: unpack(bytes.subarray(place, end), rows, columns, name) };
    place = end;
  }
  return weights;
}

function matricesOf(list: Json | undefined): { name: string; rows: number; columns: number }[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > mostMatrices) {
    throw badLink(`its weights are not 1 to ${mostMatrices} matrices`);
  }
  const names = new Set<string>();
  return list.map((entry) => {
    if (!Array.isArray(entry) || entry.length !== 3) throw badLink("its list of matrices cannot be read");
    const [name, rows, columns] = entry;
    if (typeof name !== "string" || !nameForm.test(name) || name in {}) {
      throw badLink("a matrix of it has a name that no weights have");
    }
    if (names.has(name)) throw badLink(`it holds ${name} twice`);
    names.add(name);
    return {
      name,
      rows: whole(rows, mostWeights, `the shape of ${name}`),
      columns: whole(columns, mostWeights, `the shape of ${name}`),
    };
  });
}
