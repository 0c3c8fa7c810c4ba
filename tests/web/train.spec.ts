import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import hashes from "../golden/hashes.json" with { type: "json" };
import { Laboratory } from "./laboratory";

/** "96 %" as a number. */
function percentage(text: string): number {
  return Number(/([\d.]+)\s*%/.exec(text)?.[1]);
}

test("pressing Train is enough: the defaults learn to discriminate", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  expect(percentage(await lab.headline.innerText())).toBeLessThan(65);
  await expect(lab.progress).toHaveAttribute("aria-valuemax", "391");

  await lab.trainToTheEnd();

  const sentence = await lab.headline.innerText();
  expect(sentence).toMatch(
    /^Accuracy on 1,000 fresh trials: \d+\s% \(\d+ to \d+\s%\), up from \d+\s% before training\.$/,
  );
  expect(percentage(sentence)).toBeGreaterThanOrEqual(90);
  const rows = await lab.numbersOf("Learning curve");
  expect(rows.length).toBeGreaterThan(30);
  const loss = Number(rows.at(-1)?.[1]);
  expect(loss).toBeGreaterThan(0.005);
  expect(loss).toBeLessThan(0.03);
});

test("Pause stops, Train goes on to the same weights as a run without a pause", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.askFor(80);
  await lab.trainToTheEnd();
  const uninterrupted = await lab.weights();
  await lab.reset.click();
  await expect(lab.train).toBeEnabled();

  await lab.train.click();
  await expect.poll(() => lab.iteration()).toBeGreaterThan(0);
  await lab.pause.click();
  await expect(page.locator(".pace")).toHaveText("paused");
  const at = await lab.iteration();
  expect(at).toBeLessThan(80);
  await expect(lab.headline).toContainText(`at iteration ${at}`);
  expect(await lab.iteration()).toBe(at);

  await lab.trainToTheEnd();
  expect(await lab.weights()).toBe(uninterrupted);
});

test("Step does one iteration, Reset brings the first weights back", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const first = await lab.weights();
  await lab.step.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "1");
  await expect(lab.hash).not.toHaveText(first);
  await lab.step.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "2");
  await lab.reset.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "0");
  await expect(lab.hash).toHaveText(first);
  await expect(lab.headline).toContainText("learned nothing yet");
});

test("the same seed gives the same weights, another seed gives others", async ({ page }) => {
  const lab = new Laboratory(page);
  const run = async (seed: number) => {
    await lab.open();
    await lab.field("Seed").fill(String(seed));
    await expect(lab.fact("Seed")).toHaveText(String(seed));
    await lab.askFor(10);
    await lab.trainToTheEnd();
    return lab.weights();
  };
  const first = await run(7);
  expect(await run(7)).toBe(first);
  expect(await run(8)).not.toBe(first);
});

test("trials can be looked at one by one, untrained and while the network trains", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const summary = page.locator("section").filter({ hasText: "What does it do?" }).locator(".summary");
  await expect(summary).toContainText("Trial 1 of 16");
  const [before] = await lab.numbersOf("Trial 1");
  await lab.askFor(100);
  await lab.train.click();
  await page.getByRole("button", { name: "Next trial" }).click();
  await expect(summary).toContainText("Trial 2 of 16");
  await page.getByRole("button", { name: "Previous trial" }).click();
  await expect(summary).toContainText("Trial 1 of 16");
  await lab.finished();
  const [after] = await lab.numbersOf("Trial 1");
  // The same inputs, other outputs.
  expect(after?.slice(1, 3)).toEqual(before?.slice(1, 3));
  expect(after?.slice(5, 7)).not.toEqual(before?.slice(5, 7));
  const told = await summary.innerText();
  await page.getByRole("button", { name: "New trials" }).click();
  await expect(summary).not.toHaveText(told);
});

test("a run that diverges says so, keeps its last good weights, and can be begun again", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const rate = page.getByRole("spinbutton", { name: "Learning rate" });
  await rate.fill("10");
  await expect(lab.train).toBeEnabled();
  await lab.train.click();
  const notice = page.locator(".notices");
  await expect(notice).toContainText("last good weights are kept");
  await expect(notice).toContainText("learning rate");
  await expect(lab.train).toBeDisabled();
  await expect(lab.train).toHaveAccessibleDescription(/cannot go on/);
  expect(await lab.numbersOf("W_rec")).toHaveLength(50);

  await lab.reset.click();
  await expect(notice).toBeEmpty();
  await rate.fill("0.001");
  await lab.askFor(2);
  await lab.trainToTheEnd();
});

test("the page answers while it trains", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.train.click();
  const trial = page.getByRole("heading", { name: /^Trial/ });
  for (const shown of [2, 3, 4, 5]) {
    const before = await lab.iteration();
    await page.getByRole("button", { name: "Next trial" }).click();
    await expect(trial).toHaveText(`Trial ${shown} of 16`);
    await expect.poll(() => lab.iteration()).toBeGreaterThan(before);
  }
  expect(await lab.iteration()).toBeLessThan(391);
  await expect(lab.pause).toBeEnabled();
});

test("fifty iterations end with the hash that the native engine's do", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const arithmetic = (await lab.fact("Engine").innerText()).includes("fused") ? "fused" : "plain";
  await lab.askFor(50);
  await lab.trainToTheEnd();
  expect(await lab.weights()).toBe(hashes.hello_world_after_50_iterations[arithmetic]);
  // Chromium has relaxed SIMD; where the processor has fused multiply-add, that is what it must run.
  if (/\bfma\b/.test(readFileSync("/proc/cpuinfo", "utf8"))) expect(arithmetic).toBe("fused");
});
