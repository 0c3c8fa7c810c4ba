import { recognise, type Found } from "./recognise";

/** The memory of what was found, which is handed over and not copied. */
function memoryOf(found: Found): Transferable[] {
  if (!("content" in found)) return [];
  const { content } = found;
  const parts = content instanceof Uint8Array ? [content] : Object.values(content).map(({ data }) => data);
  return parts.flatMap((part) => (Array.isArray(part) ? [] : [part.buffer]));
}

self.onmessage = async ({ data: file }: MessageEvent<File>) => {
  let found: Found;
  try {
    found = recognise(new Uint8Array(await file.arrayBuffer()), file.name);
  } catch {
    const reason = `${file.name} could not be read. Folders, and files that have moved meanwhile, cannot be opened.`;
    found = { kind: "refused", name: file.name, reason };
  }
  self.postMessage(found, { transfer: memoryOf(found) });
};
