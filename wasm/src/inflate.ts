import { Inflate } from "fflate";

/** Bytes that are unpacked at a time. At most about a thousand times as many come of them, and are held for a moment. */
const slice = 4096;

/** The most bytes that so many deflated ones can become: what claims to become more is not what it seems. */
export function mostInflated(packed: number): number {
  return (packed + 64) * 1040;
}

/**
 * The `size` bytes that deflated ones become; null where they become anything else. Stops as soon as more comes, so that a
 * small archive that would become an endless file costs no time. `dictionary` is what they were deflated with.
 */
export function inflateTo(
  packed: Uint8Array,
  size: number,
  dictionary: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(size);
  let place = 0;
  const inflater = new Inflate({ dictionary }, (part) => {
    if (place + part.length <= size) bytes.set(part, place);
    place += part.length;
  });
  try {
    for (let start = 0, last = false; place <= size && !last; start += slice) {
      last = start + slice >= packed.length;
      inflater.push(packed.subarray(start, start + slice), last);
    }
  } catch {
    return null;
  }
  return place === size ? bytes : null;
}
