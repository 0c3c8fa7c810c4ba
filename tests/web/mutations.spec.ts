import { expect, test, type Page } from "@playwright/test";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { count, decoders, mostHeap, mostMemory } from "../wasm/decoders";
import type * as Mutations from "./mutations-page";

// Decoders of strangers' bytes in a real browser: what Node's tests ask of them, in the page and in its worker.

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The script of a page that has only the package. */
async function script(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      lib: { entry: pathOf("mutations-page.ts"), formats: ["es"] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(made) ? made : [made]).flatMap((part) =>
    "output" in part ? part.output : [],
  );
  return outputs.map((part) => (part.type === "chunk" ? part.code : "")).join("\n");
}

async function openBarePage(page: Page): Promise<void> {
  const headers = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  };
  const code = await script();
  await page.route("**/mutations.js", (route) =>
    route.fulfill({ contentType: "text/javascript", headers, body: code }),
  );
  await page.route("**/mutations.html", (route) =>
    route.fulfill({ contentType: "text/html", headers, body: "<!doctype html><title>Mutations</title>" }),
  );
  await page.goto("./mutations.html");
}

/** Of the page that was built. */
function workerUrl(): string {
  const name = readdirSync(pathOf("../../web/dist/assets")).find((file) => /^worker-.*\.js$/.test(file));
  if (name === undefined) throw new Error("The page that was built has no worker.");
  return `./assets/${name}`;
}

test.describe.configure({ mode: "parallel" });

for (const { name, least } of decoders)
  test(`ten thousand mutations of ${name}: those that are refused change nothing`, async ({ page }) => {
    await openBarePage(page);
    const outcome = await page.evaluate(
      async ([decoder, worker]) => {
        const url = "./mutations.js";
        const { run } = (await import(url)) as typeof Mutations;
        return run(decoder, worker);
      },
      [name, workerUrl()] as const,
    );
    expect(outcome.complaints).toEqual([]);
    expect(outcome.taken + outcome.refused).toBe(count);
    expect(outcome.taken).toBeGreaterThanOrEqual(least.taken);
    expect(outcome.refused).toBeGreaterThanOrEqual(least.refused);
    expect(outcome.memory).toBeGreaterThan(0);
    expect(outcome.memory).toBeLessThan(mostMemory);
    expect(outcome.heap).toBeLessThan(mostHeap);
  });
