import { expect, test, type Page } from "@playwright/test";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type * as Mutations from "./mutations-page";

// Decoders of strangers' bytes in a real browser: what Node's tests ask, of the page and of its worker.

const count = 10_000;

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

test("ten thousand damaged links are refused in a sentence, or are the link itself", async ({ page }) => {
  await openBarePage(page);
  const outcome = await page.evaluate(async (mutations) => {
    const url = "./mutations.js";
    const { mutateLinks } = (await import(url)) as typeof Mutations;
    return mutateLinks(mutations);
  }, count);
  expect(outcome.complaints).toEqual([]);
  expect(outcome.taken + outcome.refused).toBe(count);
  expect(outcome.refused).toBeGreaterThan(count / 2);
});

test("ten thousand damaged runs are refused by the worker, which goes on", async ({ page }) => {
  await openBarePage(page);
  const outcome = await page.evaluate(
    async ([mutations, worker]) => {
      const url = "./mutations.js";
      const { mutateArchives } = (await import(url)) as typeof Mutations;
      return mutateArchives(mutations, worker);
    },
    [count, workerUrl()] as const,
  );
  expect(outcome.complaints).toEqual([]);
  expect(outcome.taken + outcome.refused).toBe(count);
  expect(outcome.refused).toBeGreaterThan(count / 4);
});
