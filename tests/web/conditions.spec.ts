import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { keptIteration, Laboratory } from "./laboratory";
import { servePlainly } from "./plain-server";

test("trains to the same weights without cross-origin isolation, in one thread, below a folder", async ({
  page,
}) => {
  const lab = new Laboratory(page);
  await lab.open();
  await expect(lab.fact("Engine")).toContainText("threads-");
  await lab.askFor(10);
  await lab.trainToTheEnd();
  const threaded = await lab.weights();

  const server = await servePlainly("/some/where/");
  try {
    await lab.open(`${server.url}?new`);
    await expect(lab.fact("Engine")).not.toContainText("threads-");
    await expect(lab.fact("Threads")).toHaveText("1");
    await page.getByRole("button", { name: "Why this build" }).click();
    await expect(page.locator("#why-build")).toContainText("isolation");
    await lab.askFor(10);
    await lab.trainToTheEnd();
    expect(await lab.weights()).toBe(threaded);
  } finally {
    server.close();
  }
});

test("says plainly that a browser is too old", async ({ page }) => {
  await page.route(/worker.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `WebAssembly.validate = () => false;${await response.text()}` });
  });
  await page.goto("./?new");
  await expect(page.getByText("This browser cannot run the engine.")).toBeVisible();
  await expect(page.locator(".notices")).toContainText("SIMD");
});

test("an engine that does not load can be tried again", async ({ page }) => {
  await page.route(/engine\/.*\.wasm$/, (route) => route.abort());
  await page.goto("./?new");
  await expect(page.getByText("The engine did not load.")).toBeVisible();
  // Nothing is on its way, and nothing says so.
  await expect(page.getByRole("region", { name: "Weights" })).toContainText("The engine is not running.");
  await expect(page.getByRole("main")).not.toContainText("being");
  await page.unroute(/engine\/.*\.wasm$/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(new Laboratory(page).headline).toContainText("learned nothing yet");
});

test("a link whose page finds no engine is opened once there is one", async ({ page }) => {
  const path = new URL("../../web/src/features/links/example.json", import.meta.url);
  const { fragment } = JSON.parse(readFileSync(path, "utf8")) as { fragment: string };
  await page.route(/engine\/.*\.wasm$/, (route) => route.abort());
  await page.goto(`./#${fragment}`);
  await expect(page.getByText("The engine did not load.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "A trained network" })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("being");
  await expect(page.getByRole("button", { name: "Change", exact: true })).toBeHidden();
  await page.unroute(/engine\/.*\.wasm$/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator(".standing")).toContainText("After 391 iterations of training");
  await expect(page.getByRole("button", { name: "Change", exact: true })).toBeVisible();
});

test("a worker that dies is replaced, and the run goes on from where it was saved", async ({ page }) => {
  await page.addInitScript(() => {
    const workers: Worker[] = [];
    Object.assign(window, { workers });
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.push(this);
      }
    };
  });
  const lab = new Laboratory(page);
  await lab.open();
  const first = await lab.weights();
  await lab.train.click();
  await expect.poll(() => keptIteration(page)).toBeGreaterThan(0);
  await page.evaluate(() => {
    const { workers } = window as unknown as { workers: Worker[] };
    workers.at(-1)?.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
  });
  await expect(page.getByText("The engine stopped, and the network with it.")).toBeVisible();
  await expect(lab.train).toBeDisabled();
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(
    page.getByText(
      /^Your run of “Perceptual discrimination, Basic, 50 units” stands at iteration \d+ of 391\. Train goes on\.$/,
    ),
  ).toBeVisible();
  await expect(lab.train).toBeEnabled();
  await lab.reset.click();
  await expect(lab.hash).toHaveText(first);
});

test("plots are saved as picture, drawing and numbers", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  for (const [choice, file] of [
    ["Picture (PNG)", "perceptual-discrimination-basic-50-units-unit-activity.png"],
    ["Drawing (SVG)", "perceptual-discrimination-basic-50-units-unit-activity.svg"],
    ["Numbers (CSV)", "perceptual-discrimination-basic-50-units-unit-activity.csv"],
  ] as const) {
    await page.getByRole("button", { name: "Save Unit activity" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: choice }).click();
    expect((await download).suggestedFilename()).toBe(file);
  }
});
