import type { Json } from "../api.js";
import { badLink } from "./errors.js";

const deepest = 32;
const mostValues = 250_000;
/** Names that mean something to JavaScript itself. */
const forbidden = new Set(["__proto__", "constructor", "prototype"]);

/** JSON of strangers: bounded in depth and number, no name twice, every number finite. */
export function parseJson(text: string): Json {
  scan(text);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw badLink("its text is not JSON");
  }
  demandFinite(value);
  return value;
}

/** One pass before anything is made of the text. What is not JSON at all is left to the parser. */
function scan(text: string): void {
  const open: Set<string>[] = [];
  let values = 0;
  for (let place = 0; place < text.length; ++place) {
    switch (text.charAt(place)) {
      case "{":
      case "[":
        if (open.push(new Set()) > deepest) throw badLink(`it is nested more than ${deepest} levels deep`);
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case ",":
        if (++values > mostValues) throw badLink("it holds too many values");
        break;
      case '"': {
        const end = endOfText(text, place);
        if (isFollowedByColon(text, end)) addName(open.at(-1), text.slice(place, end));
        place = end - 1;
        break;
      }
    }
  }
}

/** One beyond the closing quote. */
function endOfText(text: string, start: number): number {
  let place = start + 1;
  while (place < text.length && text[place] !== '"') place += text[place] === "\\" ? 2 : 1;
  return Math.min(place + 1, text.length);
}

function isFollowedByColon(text: string, start: number): boolean {
  let place = start;
  while (place < text.length && " \t\n\r".includes(text[place] ?? "")) ++place;
  return text[place] === ":";
}

function addName(names: Set<string> | undefined, quoted: string): void {
  let name: string;
  try {
    name = JSON.parse(quoted) as string;
  } catch {
    throw badLink("its text is not JSON");
  }
  if (forbidden.has(name)) throw badLink(`it holds the name "${name}"`);
  if (names?.has(name)) throw badLink(`it holds the name ${shown(name)} twice`);
  names?.add(name);
}

/** JSON can write numbers that are larger than any. */
function demandFinite(value: Json): void {
  if (typeof value === "number" && !Number.isFinite(value))
    throw badLink("it holds a number that is not finite");
  if (typeof value === "object" && value !== null) Object.values(value).forEach(demandFinite);
}

export function shown(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}
