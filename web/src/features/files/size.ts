import { bytes as inBytes } from "../../plots/numbers";

export const mostBytes = 100_000_000;

/** A reason to refuse a file of this size unread; null where there is none. */
export function tooLarge(name: string, size: number): string | null {
  return size > mostBytes
    ? `${name} has ${inBytes(size)}; files of up to ${inBytes(mostBytes)} are read.`
    : null;
}
