/**
 * The outside of a link: `r2=` and base64url of a header (how much there should be, a checksum, how large it becomes) and
 * deflated bytes. Everything that the header claims is checked before memory is taken for it.
 */

import { checksumOf } from "../checksum.js";
import { NullclineError, problem } from "../errors.js";
import { inflateTo, mostInflated } from "../inflate.js";
import { dictionary } from "./dictionary.js";
import { badLink, counted } from "./errors.js";

/** Characters of a link: what unpacks within a second even where somebody made it to take long. */
export const mostCharacters = 300_000;
/** Bytes that a link unpacks to. */
export const mostBytes = 4 * 2 ** 20;
export const headerLength = 10;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const digits = new Map(Array.from(alphabet, (digit, value) => [digit, value]));

const noDictionary = new Uint8Array();

/** What links of a version are deflated with. */
export function dictionaryOf(key: string): Uint8Array {
  return key.slice(1) === "1" ? noDictionary : dictionary;
}

/** What was sealed. Throws a `NullclineError` that says whether the link is cut, damaged, or harmful. */
export function unseal(key: string, text: string): Uint8Array {
  const bytes = fromBase64(text);
  const before = key.length + 1;
  if (bytes.length < headerLength) throw cut(before + text.length);
  const view = new DataView(bytes.buffer);
  const wanted = headerLength + getUint24(view, 0);
  const size = getUint24(view, 3);
  if (!isWhole(key, bytes) || wanted !== bytes.length) {
    const length = Math.ceil((wanted * 4) / 3);
    if (before + length > mostCharacters)
      throw badLink(
        `it claims to be ${counted(before + length)} characters long, and none is longer than ${counted(mostCharacters)}`,
      );
    if (wanted > bytes.length) throw cut(before + text.length, before + length);
    if (length < text.length && isWhole(key, bytes.subarray(0, wanted))) throw excess(text.length - length);
    throw badLink("its checksum does not fit");
  }
  if (toBase64(bytes) !== text) throw badLink("its last character is not the one it had");
  if (size > mostBytes || size > mostInflated(bytes.length)) {
    throw badLink(`it claims to unpack to ${counted(size)} bytes`);
  }
  const content = inflateTo(bytes.subarray(headerLength), size, dictionaryOf(key));
  if (content === null) throw badLink("it does not unpack to what it says");
  return content;
}

/** Whether the checksum fits bytes that are as many as their header says. */
function isWhole(key: string, bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return checksum(key, bytes) === view.getUint32(6, true);
}

/** Of the key and of everything but the length, which a cut does not change, and the checksum itself. */
export function checksum(key: string, bytes: Uint8Array): number {
  return checksumOf(new TextEncoder().encode(key), bytes.subarray(3, 6), bytes.subarray(headerLength));
}

function cut(arrived: number, wanted?: number): NullclineError {
  const whole = wanted === undefined ? "" : ` of ${counted(wanted)}`;
  return new NullclineError(
    problem(
      "cut_link",
      `This link is cut: ${counted(arrived)}${whole} characters arrived.`,
      "Some programs shorten long links: ask for it by another way, or for the model as a file.",
    ),
  );
}

function excess(characters: number): NullclineError {
  const what = characters === 1 ? "character that does" : "characters that do";
  const them = characters === 1 ? "it" : "them";
  return badLink(
    `${counted(characters)} ${what} not belong to it stand${characters === 1 ? "s" : ""} behind its end`,
    `Remove ${them} from the end of the address, or copy the whole link again.`,
  );
}

export function setUint24(view: DataView, place: number, value: number): void {
  view.setUint16(place, value & 0xffff, true);
  view.setUint8(place + 2, value >>> 16);
}

function getUint24(view: DataView, place: number): number {
  return view.getUint16(place, true) + view.getUint8(place + 2) * 0x10000;
}

/** Base64 in the alphabet of addresses, without padding (RFC 4648, section 5). */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 6; held -= 6) text += alphabet[(bits >>> (held - 6)) & 63] ?? "";
    bits &= 63;
  }
  return held > 0 ? text + (alphabet[(bits << (6 - held)) & 63] ?? "") : text;
}

/** Bits that are left over are dropped: those of a cut link are part of a byte. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let place = 0;
  for (const digit of text) {
    const value = digits.get(digit);
    if (value === undefined) throw badLink(`it holds the character ${JSON.stringify(digit)}`);
    bits = (bits << 6) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[place++] = bits >>> held;
    bits &= (1 << held) - 1;
  }
  return bytes;
}
