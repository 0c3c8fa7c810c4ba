import { bytes } from "../../plots/numbers";
import { mostBytes } from "../files/size";

/** What could not be fetched: one sentence. */
export class FetchProblem extends Error {}

/** Fetches a file of at most as many bytes as one that is opened from a disk; no more than that is ever kept. */
export async function fetchFile(url: URL, ask: typeof fetch = fetch): Promise<File> {
  const response = await ask(url, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
    redirect: "follow",
  }).catch(() => null);
  if (!response)
    throw new FetchProblem(
      `Nothing came from ${url.host}. Either it cannot be reached, or it does not let other pages read its files (CORS); download the file and open it from here.`,
    );
  if (!response.ok)
    throw new FetchProblem(`${url.host} answered with ${response.status}: there is no such file.`);
  const tooLarge = new FetchProblem(
    `The file is larger than ${bytes(mostBytes)}, which is the most that is read.`,
  );
  if (Number(response.headers.get("Content-Length") ?? 0) > mostBytes) {
    await response.body?.cancel();
    throw tooLarge;
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); reader && read && !read.done; read = await reader.read()) {
    size += read.value.length;
    if (size > mostBytes) {
      await reader.cancel();
      throw tooLarge;
    }
    parts.push(read.value);
  }
  return new File(parts, nameOf(url));
}

function nameOf(url: URL): string {
  let name = url.pathname.split("/").at(-1) ?? "";
  try {
    name = decodeURIComponent(name);
  } catch {
    // As it is written, then.
  }
  return name || url.host;
}
