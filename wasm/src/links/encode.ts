import { NullclineError, problem } from "../errors.js";
import { demandObject } from "../files.js";
import { decode, letters, mostHead, mostWeights, version, type Head } from "./decode.js";
import { tooLarge } from "./errors.js";
import type { Link } from "./link.js";
import { packings } from "./precision.js";
import { seal } from "./seal.js";

/** The part of an address behind the `#`. Throws a `NullclineError` where the link cannot be made. */
export function encodeLink(link: Link): Promise<string> {
  return Promise.resolve().then(() => encode(link));
}

function encode(link: Link): string {
  const text = new TextEncoder().encode(JSON.stringify(headOf(link)));
  const content = joined([lengthOf(text), text, ...numbersOf(link)]);
  const fragment = seal(`${letters[link.kind]}${version}`, content);
  try {
    decode(fragment);
  } catch (error) {
    if (!(error instanceof NullclineError) || error.code !== "bad_link") throw error;
    const reason = error.message.slice(error.message.indexOf(": ") + 2);
    throw new NullclineError(problem("not_shareable", `No link can be made of this: ${reason}`));
  }
  return fragment;
}

function headOf(link: Link): Head {
  const { document, iteration, hash, sharing } = link;
  demandObject("document", document);
  const own: Head =
    link.kind === "recipe"
      ? { arithmetic: link.arithmetic, numerics: link.numericsVersion }
      : {
          precision: link.precision,
          matrices: Object.entries(link.weights).map(([name, { rows, columns }]) => [name, rows, columns]),
        };
  const paths: Head = {};
  if (sharing?.hidden?.length) paths.hidden = sharing.hidden;
  if (sharing?.locked?.length) paths.locked = sharing.locked;
  return { document, iteration, hash, ...own, ...paths };
}

function numbersOf(link: Link): Uint8Array[] {
  if (link.kind === "recipe") return [];
  const matrices = Object.entries(link.weights);
  const count = matrices.reduce((sum, [, { data }]) => sum + data.length, 0);
  if (count > mostWeights) throw tooLarge("This network has more weights than a link can carry.");
  return matrices.map(([name, matrix]) => {
    if (matrix.data.length === matrix.rows * matrix.columns)
      return packings[link.precision].pack(matrix, name);
    throw new NullclineError(
      problem(
        "wrong_shape",
        `${name} must have ${matrix.rows} × ${matrix.columns} numbers; found ${matrix.data.length}.`,
      ),
    );
  });
}

function lengthOf(text: Uint8Array): Uint8Array {
  if (text.length + 4 > mostHead) throw tooLarge("This experiment is too large for a link.");
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  return bytes;
}

function joined(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}
