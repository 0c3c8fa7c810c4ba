// The engine measured in Chromium, in a page that is isolated from other origins (tools/bench/site).
import { cpSync } from "node:fs";
import { build } from "../lib/cmake.mjs";
import { inRoot } from "../lib/paths.mjs";
import { timed } from "../lib/process.mjs";
import { serve } from "../lib/server.mjs";
import { launch } from "./browser.mjs";

export const site = inRoot("build", "bench-site");

/** Needs the package; it is what the page imports. */
export async function buildSite() {
  await build("wasm", { tests: false, targets: ["kernel-peak"] });
  await timed("building the benchmark's page", bundle);
  cpSync(inRoot("wasm", "dist", "engine"), `${site}/engine`, { recursive: true });
  for (const ending of ["mjs", "wasm"])
    cpSync(
      inRoot("build", "wasm", "tools", "bench", `kernel-peak.${ending}`),
      `${site}/kernel-peak.${ending}`,
    );
}

async function bundle() {
  const vite = await import("vite");
  await vite.build({
    configFile: false,
    root: inRoot("tools", "bench", "site"),
    logLevel: "warn",
    worker: { format: "es" },
    build: { target: "es2022", outDir: site, emptyOutDir: true },
  });
}

export async function startChromium() {
  const { server, address } = await serve(site, 8180);
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(address);
  const ask = (call, question) =>
    page.evaluate(([name, takes]) => globalThis.bench[name](takes), [call, question]);
  return {
    name: "Chromium",
    version: browser.version(),
    kernels: (arithmetic) => ask("kernels", arithmetic),
    peak: (question) => ask("peak", question),
    products: (question) => ask("products", question),
    train: (question) => ask("train", question),
    makeTensorflow: (question) => ask("makeTensorflow", question),
    trainTensorflow: (question) => ask("trainTensorflow", question),
    async close() {
      await browser.close();
      server.close();
    },
  };
}
