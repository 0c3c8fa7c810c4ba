// A small server for static files, with the headers that isolate the page from other origins: only then
// do browsers give it shared memory, and with it threads.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  // Other pages may embed models.
  "Cross-Origin-Resource-Policy": "cross-origin",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-cache",
};

/** Serves a folder on this machine's loopback address; takes the next port when one is in use. */
export async function serve(folder, firstPort, tries = 20) {
  for (let port = firstPort; port < firstPort + tries; ++port) {
    const server = createServer((request, response) => answer(folder, request, response));
    if (await listens(server, port)) return { server, address: `http://localhost:${port}/` };
  }
  throw new Error(`The ports ${firstPort} to ${firstPort + tries - 1} are all in use.`);
}

function listens(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)));
    server.listen(port, "localhost", () => resolve(true));
  });
}

function answer(folder, request, response) {
  const refuse = (status, text) =>
    response.writeHead(status, { ...headers, "Content-Type": types[".txt"] }).end(`${text}\n`);
  if (request.method !== "GET" && request.method !== "HEAD")
    return refuse(405, "Only GET and HEAD are answered.");
  const file = fileFor(folder, request.url ?? "/");
  if (!file) return refuse(404, "There is no such file.");
  const tag = `"${file.size.toString(36)}-${Math.trunc(file.mtimeMs).toString(36)}"`;
  if (request.headers["if-none-match"] === tag)
    return response.writeHead(304, { ...headers, ETag: tag }).end();
  const type = types[extname(file.path)] ?? "application/octet-stream";
  response.writeHead(200, { ...headers, "Content-Type": type, "Content-Length": file.size, ETag: tag });
  if (request.method === "HEAD") return response.end();
  return createReadStream(file.path)
    .on("error", () => response.destroy())
    .pipe(response);
}

/** The file that a request's path names, or undefined; nothing outside of the folder is ever named. */
function fileFor(folder, url) {
  try {
    const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
    const asked = join(folder, path);
    const found = statSync(asked).isDirectory() ? join(asked, "index.html") : asked;
    const facts = statSync(found);
    return facts.isFile() ? { path: found, size: facts.size, mtimeMs: facts.mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}
