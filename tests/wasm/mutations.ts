/** Bytes and texts as they are when they were damaged, or made to do harm; the same seed gives the same ones. */
export class Mutator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `limit` (mulberry32). */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits;
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<Value>(list: readonly Value[]): Value {
    return list[this.below(list.length)] as Value;
  }

  text(text: string, words: readonly string[]): string {
    let changed = text;
    for (let changes = 1 + this.below(3); changes > 0; --changes) changed = this.#textOnce(changed, words);
    return changed;
  }

  bytes(bytes: Uint8Array): Uint8Array {
    let changed = bytes;
    for (let changes = 1 + this.below(3); changes > 0; --changes) changed = this.#bytesOnce(changed);
    return changed;
  }

  /** With a piece in the place of a number. */
  number(text: string, words: readonly string[]): string {
    const place = this.below(text.length);
    return text.slice(0, place) + text.slice(place).replace(/\d+(\.\d+)?/, () => this.pick(words));
  }

  #textOnce(text: string, words: readonly string[]): string {
    const place = this.below(text.length + 1);
    const end = Math.min(place + 1 + this.below(20), text.length);
    switch (this.below(6)) {
      case 0:
        return text.slice(0, place) + text.slice(end);
      case 1:
        return text.slice(0, place) + this.pick(words) + text.slice(end);
      case 2:
        return text.slice(0, place) + this.pick(words) + text.slice(place);
      case 3:
        return text.slice(0, place) + text.slice(this.below(place + 1), end) + text.slice(place);
      case 4:
        return this.number(text, words);
      default:
        return text.slice(0, place) + String.fromCharCode(this.below(128)) + text.slice(place + 1);
    }
  }

  #bytesOnce(bytes: Uint8Array): Uint8Array {
    const place = this.below(bytes.length + 1);
    const length = Math.min(1 + this.below(20), bytes.length - place);
    const changed = bytes.slice();
    switch (this.below(6)) {
      case 0:
        changed[place] = (changed[place] ?? 0) ^ (1 << this.below(8));
        return changed;
      case 1:
        changed[place] = this.below(256);
        return changed;
      case 2:
        return joined(bytes.subarray(0, place), bytes.subarray(place + length));
      case 3:
        return joined(
          bytes.subarray(0, place),
          bytes.subarray(this.below(bytes.length)).subarray(0, 20),
          bytes.subarray(place),
        );
      case 4:
        return this.below(4) === 0
          ? bytes.slice(0, place)
          : changed.fill(this.pick([0, 255]), place, place + length);
      default:
        changed.set(
          this.pick([
            [0, 0, 0, 0],
            [1, 0, 0, 0],
            [255, 255, 0, 0],
            [255, 255, 255, 127],
            [255, 255, 255, 255],
            [0, 0, 128, 127], // infinity
            [0, 0, 192, 127], // no number
          ]).slice(0, changed.length - place),
          place,
        );
        return changed;
    }
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Pieces that mean something in a link. */
export const piecesOfLinks = [
  "r1=",
  "m1=",
  "r2=",
  "m2=",
  "r3=",
  "=",
  "#",
  "%3D",
  "A",
  "_",
  "-",
  "AAAA",
  "____",
  " ",
  "\n",
  ".",
  "é",
  "🧠",
  "\0",
];

/** Pieces that mean something in a document. */
export const piecesOfDocuments = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  "null",
  "true",
  "-1",
  "0",
  "0.5",
  "1e9",
  "1e999",
  "1e-320",
  "4096",
  "65536",
  "2147483648",
  "[[1,0],[0,1]]",
  '{"pattern":"random"}',
  '{"file":"own.npz","key":"M"}',
  '"type"',
  '"LSTM"',
  '"__proto__":1,',
  "\\ud800",
  "[".repeat(70),
  "é",
];

/** Pieces that mean something in a table of trials. */
export const piecesOfTables = [
  ",",
  ";",
  "\t",
  "\n",
  "\n\n",
  "\r\n",
  '"',
  "time",
  "input_1",
  "input_1001",
  "target_3",
  "mask_2",
  "nan",
  "-inf",
  "1e999",
  "1e30",
  "-1",
  "0.5",
  "0,5",
  "999999999",
  "\ufeff",
  "\0",
  "é",
];

/** Pieces that mean something in a lesion. */
export const piecesOfLesions = [
  "-1",
  "0",
  "4",
  "5",
  "0.5",
  "400",
  "1e9",
  "1e300",
  "2147483648",
  "null",
  "[]",
  "{}",
  '"a"',
  "1,1",
  '"units":[0],',
  '"window":[0,1e9],',
];
