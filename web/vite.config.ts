/// <reference types="vitest/config" />
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const engineDirectory = fileURLToPath(new URL("../wasm/dist/engine", import.meta.url));

/** Without these two headers a browser gives the page no threads. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const mediaTypes: { [ending: string]: string } = {
  ".wasm": "application/wasm",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
};

/**
 * The built engine modules, handed to the page as they are under `engine/`. They must not be bundled: each module
 * loads its WebAssembly file and its threads by its own name.
 */
function engineModules(): Plugin {
  const files = () => (existsSync(engineDirectory) ? readdirSync(engineDirectory) : []);
  return {
    name: "nullcline-engine-modules",
    configureServer(server) {
      server.middlewares.use("/engine/", (request, response, next) => {
        const name = decodeURIComponent((request.url ?? "").split("?")[0] ?? "").replace(/^\//, "");
        if (!files().includes(name)) {
          next();
          return;
        }
        response.setHeader(
          "Content-Type",
          mediaTypes[name.slice(name.lastIndexOf("."))] ?? "application/octet-stream",
        );
        response.end(readFileSync(join(engineDirectory, name)));
      });
    },
    generateBundle() {
      const names = files();
      if (names.length === 0)
        this.error("There are no engine modules in wasm/dist/engine. Build the package nullcline first.");
      for (const name of names)
        this.emitFile({
          type: "asset",
          fileName: `engine/${name}`,
          source: readFileSync(join(engineDirectory, name)),
        });
    },
  };
}

/**
 * Has the plotting library fetched and compiled beside the start of the page, whose own files go first. The page runs it when
 * there is something to draw.
 */
function plotlyBesideTheStart(): Plugin {
  return {
    name: "nullcline-plotly-beside-the-start",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const href = Object.keys(bundle).find((name) => /\bplotly[^/]*\.js$/.test(name));
        if (href === undefined) return [];
        const attrs = { rel: "modulepreload", crossorigin: true, fetchpriority: "low", href: `./${href}` };
        return [{ tag: "link", attrs, injectTo: "body" }];
      },
    },
  };
}

const entry = here("src/main.ts");

/** Whether the page's entry imports a module statically, itself or through others. */
function isLoadedAtStart(
  id: string,
  graph: { getModuleInfo: (id: string) => { importers: readonly string[] } | null },
  seen = new Set<string>(),
): boolean {
  if (id === entry) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return (
    graph.getModuleInfo(id)?.importers.some((importer) => isLoadedAtStart(importer, graph, seen)) ?? false
  );
}

export default defineConfig({
  // Unit tests run the state modules in Node, where Svelte's runes would otherwise be those of its server side.
  ...(process.env.VITEST ? { resolve: { conditions: ["browser"] } } : {}),
  // The pure functions and small modules under test put nothing where others find it: one file's need not be loaded anew
  // for the next, which takes twice as long.
  test: { include: ["src/**/*.test.ts"], isolate: false, maxWorkers: 2 },
  base: "./",
  plugins: [svelte(), engineModules(), plotlyBesideTheStart()],
  worker: { format: "es" },
  optimizeDeps: { exclude: ["nullcline"] },
  server: { headers: isolation },
  preview: { headers: isolation },
  build: {
    target: "es2022",
    rolldownOptions: {
      input: { index: here("index.html"), "nullcline-model": here("src/embed/nullcline-model.ts") },
      output: {
        // Other pages load the element by its name.
        entryFileNames: ({ name }) => (name === "nullcline-model" ? "[name].js" : "assets/[name]-[hash].js"),
        // What the page loads at the start is one file, not as many as the parts loaded later share pieces.
        codeSplitting: {
          groups: [{ name: (id, graph) => (isLoadedAtStart(id, graph) ? "start" : null) }],
        },
      },
    },
    // Plotly is one large file, fetched when the first plot is drawn.
    chunkSizeWarningLimit: 1700,
  },
});
