import { deflateSync } from "fflate";
import {
  checksum,
  dictionaryOf,
  headerLength,
  mostBytes,
  mostCharacters,
  setUint24,
  toBase64,
} from "./envelope.js";
import { counted, tooLarge } from "./errors.js";

/** `key` tells kind and version, for example "r2". */
export function seal(key: string, content: Uint8Array): string {
  const packed = deflateSync(content, { level: 9, dictionary: dictionaryOf(key) });
  const bytes = new Uint8Array(headerLength + packed.length);
  const length = key.length + 1 + Math.ceil((bytes.length * 4) / 3);
  if (length > mostCharacters || content.length > mostBytes) {
    throw tooLarge(
      `This would be a link of ${counted(length)} characters; at most ${counted(mostCharacters)} are made.`,
    );
  }
  const view = new DataView(bytes.buffer);
  setUint24(view, 0, packed.length);
  setUint24(view, 3, content.length);
  bytes.set(packed, headerLength);
  view.setUint32(6, checksum(key, bytes), true);
  return `${key}=${toBase64(bytes)}`;
}
