// Trains the network that greets whoever opens the page without a link, and writes it as one, here and into the page of
// examples/embed:
//   node tools/example-link.mjs
// after `npm run build` and the build of the native command (README.md). The same seed gives the same network.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { encodeLink } from "nullcline/links";
import { readNpz } from "nullcline/npz";
import { inRoot } from "./lib/paths.mjs";
import { main, run, say } from "./lib/process.mjs";

const example = "hello-world";
const precision = "float16";

/** A two-dimensional float32 array of NumPy as a matrix; a vector is a column. */
function matrixOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 10 + view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, start));
  const [rows = 1, columns = 1] = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "").match(/\d+/g).map(Number);
  if (!header.includes("'<f4'")) throw new Error(`This is no array of float32: ${header}`);
  const data = Float32Array.from({ length: rows * columns }, (_, i) => view.getFloat32(start + 4 * i, true));
  return { rows, columns, data };
}

await main(async () => {
  const folder = inRoot("build", "example-link");
  rmSync(folder, { recursive: true, force: true });
  const command = inRoot("build", "native", "nullcline");
  await run(command, ["train", inRoot("examples", `${example}.json`), "--out", folder]);
  const members = readNpz(readFileSync(`${folder}/state.npz`), "state.npz");
  const weights = Object.fromEntries(
    members
      .filter(({ key }) => key.startsWith("raw/"))
      .map(({ key, bytes }) => [key.slice(4), matrixOf(bytes)]),
  );
  const document = JSON.parse(readFileSync(inRoot("examples", `${example}.json`), "utf8"));
  const { hash, iteration } = JSON.parse(readFileSync(`${folder}/history.json`, "utf8"));
  const fragment = await encodeLink({ kind: "model", document, iteration, hash, precision, weights });
  const file = inRoot("web", "src", "features", "links", "example.json");
  writeFileSync(file, `${JSON.stringify({ fragment }, null, 2)}\n`);
  const page = inRoot("examples", "embed", "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace(/#m\d+=[\w-]+/g, `#${fragment}`));
  say(`${file}, ${page}: ${fragment.length} characters`);
});
