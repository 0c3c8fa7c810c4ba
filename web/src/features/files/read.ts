import type { Found } from "./recognise";
import { tooLarge } from "./size";

/** Reads a file in a worker of its own, so that the page goes on meanwhile. */
export function readFile(file: File): Promise<Found> {
  const { name } = file;
  const large = tooLarge(name, file.size);
  if (large) return Promise.resolve({ kind: "refused", name, reason: large });
  const worker = new Worker(new URL("./read.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Found>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Found>) => {
      resolve(data);
    };
    worker.onerror = () => {
      resolve({ kind: "refused", name, reason: `${name} could not be read in this browser.` });
    };
    worker.postMessage(file);
  }).finally(() => {
    worker.terminate();
  });
}
