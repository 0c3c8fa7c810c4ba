import type { ExperimentDocument, Json } from "nullcline";

/**
 * Reads an experiment document as a person types it: what it says, on which line each part stands, and where it stops
 * being JSON. Browsers word their own errors each in its own way and mostly without a line.
 */

export interface Reading {
  document: ExperimentDocument;
  /** Lines, counted from 1, by paths such as "curriculum.stages.1.task". */
  lines: ReadonlyMap<string, number>;
}

/** Where a text stops being JSON, counted from 1, and why. */
export interface Broken {
  line: number;
  column: number;
  message: string;
}

const deepest = 100;

const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y; // eslint-disable-line no-control-regex
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const word = /(?:true|false|null)(?!\w)/y;
const space = /[ \t\n\r]*/y;
const sentence = /[^\s,:{}[\]"]+/y;

function inShort(found: string): string {
  return found.length > 20 ? `${found.slice(0, 20)}…` : found;
}

class Stop extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Goes through a text once, and throws where it is no JSON. */
class Scanner {
  readonly lines = new Map<string, number>();
  readonly #text: string;
  #at = 0;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): void {
    this.#space();
    if (this.#text[this.#at] !== "{") this.#stop("The document must be an object in braces, { … }");
    this.#value("", 1);
    this.#space();
    if (this.#at < this.#text.length) this.#stop("The document ends with its closing brace");
  }

  #value(path: string, depth: number): void {
    if (depth > deepest) throw new Stop(this.#at, `Values may lie ${deepest} deep in each other, no deeper.`);
    const first = this.#text[this.#at];
    if (first === "{") this.#object(path, depth);
    else if (first === "[") this.#list(path, depth);
    else if (first === '"') this.#string();
    else if (!this.#number() && !this.#take(word)) this.#noValue();
  }

  /** JSON can write numbers that are larger than any. */
  #number(): string {
    const start = this.#at;
    const found = this.#take(number);
    if (!Number.isFinite(Number(found)))
      throw new Stop(start, `The document holds ${inShort(found)}, and numbers go up to 1.8e308.`);
    return found;
  }

  #object(path: string, depth: number): void {
    this.#at++;
    this.#space();
    if (this.#is("}")) return;
    const names = new Set<string>();
    for (;;) {
      const start = this.#at;
      if (this.#text[this.#at] !== '"') this.#stop('Expected the name of a field in double quotes, "…"');
      const line = this.#lineHere();
      const name = JSON.parse(this.#string()) as string;
      if (names.has(name))
        throw new Stop(start, `The document holds the name "${inShort(name)}" twice in the same braces.`);
      names.add(name);
      const inner = path ? `${path}.${name}` : name;
      this.lines.set(inner, line);
      this.#space();
      if (!this.#is(":")) this.#stop(`Expected a colon after "${name}"`);
      this.#space();
      this.#value(inner, depth + 1);
      this.#space();
      if (this.#is("}")) return;
      this.#comma("}");
    }
  }

  #list(path: string, depth: number): void {
    const start = this.#lineHere();
    this.#at++;
    this.#space();
    if (this.#is("]")) return;
    for (let index = 0; ; index++) {
      const line = this.#lineHere();
      // Numbers on the line of their list need no entry of their own: there may be a million of them.
      if (line !== start) this.lines.set(`${path}.${index}`, line);
      this.#value(`${path}.${index}`, depth + 1);
      this.#space();
      if (this.#is("]")) return;
      this.#comma("]");
    }
  }

  #comma(end: string): void {
    if (!this.#is(",")) this.#stop(`Expected a comma or ${end} here`);
    const comma = this.#at - 1;
    this.#space();
    if (this.#text[this.#at] === end)
      throw new Stop(comma, `Nothing follows this comma before ${end}. Take it away.`);
  }

  #string(): string {
    const start = this.#at;
    const found = this.#take(string);
    if (found) return found;
    const end = this.#text.indexOf("\n", start);
    const line = this.#text.slice(start + 1, end < 0 ? undefined : end);
    throw new Stop(
      start,
      /^(?:[^"\\]|\\.)*$/.test(line)
        ? "This text has no closing quote on its line."
        : 'This text holds a character that must be written otherwise: \\\\ for \\, \\" for ", \\n for a new line.',
    );
  }

  #noValue(): never {
    const found = this.#peek(sentence);
    if (/^[+.-]?[\d.]/.test(found) || /^[+-]?(nan|inf)/i.test(found))
      this.#stop("Numbers are written like 0.5, -2 or 1e-8");
    this.#stop("Expected a value; words stand in double quotes");
  }

  /** Throws with what was found in the place of what was expected. */
  #stop(expected: string): never {
    const found = this.#peek(sentence) || (this.#text[this.#at] ?? "");
    const told = found === "" ? "the text ends here" : `found ${inShort(found)}`;
    throw new Stop(this.#at, `${expected}; ${told}.`);
  }

  #is(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #peek(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0] ?? "";
  }

  #take(pattern: RegExp): string {
    const found = this.#peek(pattern);
    this.#at += found.length;
    return found;
  }

  #space(): void {
    this.#take(space);
  }

  #lineHere(): number {
    for (let end = this.#text.indexOf("\n", this.#counted); end >= 0 && end < this.#at;) {
      this.#line++;
      this.#counted = end + 1;
      end = this.#text.indexOf("\n", this.#counted);
    }
    return this.#line;
  }
}

export function readDocument(text: string): Reading | Broken {
  const scanner = new Scanner(text);
  try {
    scanner.whole();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: error.message };
  }
  return { document: JSON.parse(text) as { [key: string]: Json }, lines: scanner.lines };
}

export function isBroken(reading: Reading | Broken): reading is Broken {
  return "message" in reading;
}

/** The line of what stands at a path, or else of the nearest thing around it; the first line where there is none. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  for (let at = path; at; at = at.includes(".") ? at.slice(0, at.lastIndexOf(".")) : "") {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}

/** Where a line begins and ends in a text. */
export function rangeOfLine(text: string, line: number): [number, number] {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return [start, end < 0 ? text.length : end];
}
