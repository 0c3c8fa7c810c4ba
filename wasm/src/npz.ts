/**
 * The container of .npz files: a zip archive of .npy members, stored or deflated. The engine reads the members
 * themselves. An archive may come from anybody: what it says of itself is checked before memory is taken for it.
 */

import { zipSync } from "fflate";
import type { FileBytes } from "./api.js";
import { checksumOf } from "./checksum.js";
import { NullclineError, problem } from "./errors.js";
import { inflateTo, mostInflated } from "./inflate.js";
import type { RawMember } from "./module.js";

/** Of a file, and of what it unpacks to: a few kilobytes can become more than a browser can hold. */
const mostBytes = 2 ** 28;
const mostMembers = 10_000;
/** What is packed to more than twice its size and this was made to keep a reader busy, with blocks that hold nothing. */
const mostOverhead = 1024;
const suffix = ".npy";

const endSignature = 0x06054b50;
const endLength = 22;
const entrySignature = 0x02014b50;
const entryLength = 46;
const localSignature = 0x04034b50;
const localLength = 30;
/** Where archives of more than 4 GB have their numbers elsewhere. */
const elsewhere = 0xffffffff;

/** What the archive's list says of a member. */
interface Entry {
  name: string;
  encrypted: boolean;
  method: number;
  checksum: number;
  packed: number;
  size: number;
  /** Where its own header stands. */
  start: number;
}

/** The members of an archive that messages call `name`. Throws a `NullclineError` where it is damaged or means harm. */
export function readNpz(bytes: FileBytes, name: string): RawMember[] {
  const archive = new Archive(bytes, name);
  return archive.arrays().map((entry) => ({ key: keyOf(entry), bytes: archive.unpack(entry) }));
}

/** The names of the arrays that an archive lists; nothing is unpacked. Throws a `NullclineError` as `readNpz` does. */
export function namesInNpz(bytes: FileBytes, name: string): string[] {
  return new Archive(bytes, name).arrays().map(keyOf);
}

/** An archive of members; the same members give the same bytes. */
export function writeNpz(members: { key: string; bytes: Uint8Array }[], compress = false): Uint8Array {
  const files = Object.fromEntries(members.map(({ key, bytes }) => [key + suffix, bytes]));
  return zipSync(files, { level: compress ? 6 : 0, mtime: new Date(1980, 0, 1) });
}

function keyOf({ name }: Entry): string {
  return name.slice(0, -suffix.length);
}

function bad(place: string, what: string, code = "bad_file", hint = ""): NullclineError {
  return new NullclineError({ ...problem(code, `${place} ${what}`, hint), path: place });
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

class Archive {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;

  constructor(content: FileBytes, name: string) {
    const bytes = content instanceof Uint8Array ? content : new Uint8Array(content);
    if (bytes.length > mostBytes) throw bad(name, `is larger than ${megabytes(mostBytes)}.`, "too_large");
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  /** What the list at the archive's end says of its arrays, checked as far as it can be before one is unpacked. */
  arrays(): Entry[] {
    const entries = this.#entries().filter(({ name }) => name.endsWith(suffix));
    entries.forEach((entry) => {
      this.#check(entry);
    });
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    if (total > mostBytes) {
      throw bad(
        this.#name,
        `unpacks to ${megabytes(total)}; up to ${megabytes(mostBytes)} are read.`,
        "too_large",
      );
    }
    return entries;
  }

  #entries(): Entry[] {
    const end = this.#end();
    const count = this.#view.getUint16(end + 10, true);
    const length = this.#view.getUint32(end + 12, true);
    let place = this.#view.getUint32(end + 16, true);
    if (place + length !== end) throw this.#damaged("its list of arrays is not where it says");
    if (count > mostMembers) {
      throw bad(this.#name, `holds ${count} arrays; at most ${mostMembers} are read.`, "too_large");
    }
    const entries: Entry[] = [];
    for (let i = 0; i < count; ++i) {
      if (place + entryLength > end || this.#view.getUint32(place, true) !== entrySignature) {
        throw this.#damaged("its list of arrays cannot be read");
      }
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
        this.#view.getUint16(place + field, true),
      ) as [number, number, number];
      const nameEnd = place + entryLength + nameLength;
      if (nameEnd + extraLength + commentLength > end) throw this.#damaged("its list of arrays is cut short");
      entries.push(this.#entry(place, nameEnd));
      place = nameEnd + extraLength + commentLength;
    }
    if (place !== end) throw this.#damaged("its list of arrays is longer than it says");
    return entries;
  }

  /** Refuses what cannot be, or must not be, before anything is unpacked. */
  #check(entry: Entry): void {
    const place = this.#placeOf(entry);
    if (/(^|[\\/])\.\.?([\\/]|$)|^[\\/]|\\|\0|^[A-Za-z]:/.test(entry.name)) {
      throw bad(
        this.#name,
        `holds an array named ${JSON.stringify(entry.name.slice(0, 60))}, which leads out of the file.`,
      );
    }
    if (entry.encrypted) throw bad(place, "is encrypted, which is not read.");
    if (entry.method !== 0 && entry.method !== 8) {
      throw bad(place, "is compressed by a method that NumPy does not use.");
    }
    if (entry.size === elsewhere || entry.packed === elsewhere || entry.start === elsewhere) {
      throw bad(place, `is larger than ${megabytes(mostBytes)}.`, "too_large");
    }
    if (entry.size > mostInflated(entry.packed)) {
      throw bad(
        place,
        `claims to unpack to ${entry.size} bytes from ${entry.packed}, which cannot be.`,
        "too_large",
      );
    }
    if (entry.packed > 2 * entry.size + mostOverhead) {
      throw bad(place, `is packed to ${entry.packed} bytes from ${entry.size}, which is not read.`);
    }
    if (entry.method === 0 && entry.size !== entry.packed) throw this.#wrong(entry);
  }

  unpack(entry: Entry): Uint8Array {
    const packed = this.#packed(entry);
    const bytes = entry.method === 0 ? packed : inflateTo(packed, entry.size);
    if (bytes === null || checksumOf(bytes) !== entry.checksum) throw this.#wrong(entry);
    return bytes;
  }

  #packed({ start, packed, name }: Entry): Uint8Array {
    const fits = start + localLength <= this.#bytes.length;
    if (!fits || this.#view.getUint32(start, true) !== localSignature) {
      throw this.#damaged(`${name.slice(0, 60)} is not where its list says`);
    }
    const data =
      start + localLength + this.#view.getUint16(start + 26, true) + this.#view.getUint16(start + 28, true);
    if (data + packed > this.#bytes.length) throw this.#damaged(`it ends within ${name.slice(0, 60)}`);
    return this.#bytes.subarray(data, data + packed);
  }

  #entry(place: number, nameEnd: number): Entry {
    const view = this.#view;
    return {
      name: new TextDecoder().decode(this.#bytes.subarray(place + entryLength, nameEnd)),
      encrypted: (view.getUint16(place + 8, true) & 1) === 1,
      method: view.getUint16(place + 10, true),
      checksum: view.getUint32(place + 16, true),
      packed: view.getUint32(place + 20, true),
      size: view.getUint32(place + 24, true),
      start: view.getUint32(place + 42, true),
    };
  }

  /** Where the record stands that ends an archive; a comment may follow it. */
  #end(): number {
    const last = this.#bytes.length - endLength;
    for (let place = last; place >= 0 && place >= last - 0xffff; --place) {
      const isEnd = this.#view.getUint32(place, true) === endSignature;
      if (isEnd && this.#view.getUint16(place + 20, true) === last - place) return place;
    }
    throw bad(
      this.#name,
      "is not a NumPy archive (.npz), or it is damaged.",
      "bad_file",
      "numpy.savez writes such archives.",
    );
  }

  #placeOf(entry: Entry): string {
    return `${this.#name}: ${keyOf(entry).slice(0, 60)}`;
  }

  #damaged(how: string): NullclineError {
    return bad(this.#name, `is damaged: ${how}.`);
  }

  #wrong(entry: Entry): NullclineError {
    return bad(this.#placeOf(entry), "is damaged: it does not unpack to what the archive says.");
  }
}
