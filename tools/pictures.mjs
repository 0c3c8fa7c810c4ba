// Makes the pictures of docs/guide.md from runs in the page, as it is built in web/dist:
//   node tools/pictures.mjs [NAME …]
/* global document, requestAnimationFrame */
import { chromium } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { inRoot } from "./lib/paths.mjs";
import { main, say } from "./lib/process.mjs";
import { serve } from "./lib/server.mjs";

const trial = "Trial 1 of 16";

/** Each picture: the example, the view and the card that are shown, and what is done before. */
const pictures = [
  { name: "hello-world-learning", example: "Hello World", card: "Learning curve" },
  { name: "hello-world-trial", example: "Hello World", card: trial },
  { name: "unconstrained-weights", example: "Unconstrained", card: "Weights" },
  { name: "dale-weights", example: "Dale’s law", card: "Weights" },
  { name: "connectivity-weights", example: "Connectivity", card: "Weights" },
  {
    name: "connectivity-lesion",
    example: "Connectivity",
    card: trial,
    async before(page) {
      await page.getByRole("tab", { name: "Activity" }).click();
      await page.getByRole("textbox", { name: "Units chosen" }).fill("0-24");
      await page.getByRole("button", { name: /^Silence unit/ }).click();
      await page.getByRole("region", { name: "Lesion" }).filter({ hasText: "silent" }).waitFor();
    },
  },
  {
    name: "fixed-weights-change",
    example: "Fixed weights",
    view: "Weights",
    card: "Matrices",
    part: ".plot",
    before: (page) => page.getByRole("button", { name: "Change", exact: true }).click(),
  },
  { name: "fixed-weights-visible-weights", example: "Fixed weights made visible", card: "Weights" },
  { name: "curriculum-learning", example: "With a curriculum", card: "Learning curve" },
  {
    name: "curriculum-psychometric",
    example: "With a curriculum",
    view: "Behaviour",
    card: "Psychometric curve",
  },
  { name: "no-curriculum-learning", example: "Without a curriculum", card: "Learning curve" },
  { name: "modifying-weights", example: "Modifying weights", card: "Weights", untrained: true },
  { name: "new-task-trial", example: "A new task", card: trial },
  { name: "new-model-learning", example: "A new model", card: "Learning curve" },
];

async function settled(page) {
  await page.locator('main[aria-busy="false"]').waitFor();
  await page.waitForFunction(() => !document.querySelector('[data-drawn="false"]'));
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** Opens an example and trains it to the end. */
async function run(page, { example, untrained }) {
  await page.getByRole("button", { name: "Examples" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: example, exact: true }).click();
  const question = dialog.getByRole("button", { name: "Open the example" });
  if (await question.isVisible()) await question.click();
  await page.getByRole("button", { name: "Close note" }).click();
  await settled(page);
  if (untrained) return;
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.locator(".pace", { hasText: "finished" }).waitFor({ timeout: 300_000 });
  await page.locator(".headline", { hasText: "Accuracy on" }).waitFor();
}

async function take(page, folder, { name, view, card, part, before }) {
  if (view) await page.getByRole("tab", { name: view }).click();
  await before?.(page);
  if (!view) await page.getByRole("tab", { name: "Overview" }).click();
  await settled(page);
  const region = page.getByRole("region", { name: card, exact: true });
  await region.scrollIntoViewIfNeeded();
  await settled(page);
  await (part ? region.locator(part).first() : region).screenshot({ path: `${folder}/${name}.png` });
  say(name);
}

await main(async () => {
  const wanted = process.argv.slice(2);
  const folder = inRoot("docs", "images", "guide");
  mkdirSync(folder, { recursive: true });
  const { server, address } = await serve(inRoot("web", "dist"), 4190);
  const executablePath = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5 });
    await page.goto(`${address}?new`);
    await page.locator(".headline", { hasText: "learned nothing yet" }).waitFor();
    let last = "";
    for (const picture of pictures) {
      if (wanted.length > 0 && !wanted.includes(picture.name)) continue;
      if (picture.example !== last) await run(page, picture);
      last = picture.example;
      await take(page, folder, picture);
    }
  } finally {
    await browser.close();
    server.close();
  }
});
