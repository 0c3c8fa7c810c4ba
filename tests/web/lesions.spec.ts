import { expect, test, type Locator, type Page } from "@playwright/test";
import { expectNoViolations, Laboratory } from "./laboratory";

const card = (page: Page, question: string) => page.locator("section").filter({ hasText: question });

/** Opens the page, trains a little, and goes to the activity of the units. */
async function opened(page: Page, iterations: number): Promise<Laboratory> {
  const lab = new Laboratory(page);
  await lab.open();
  if (iterations > 0) {
    await lab.askFor(iterations);
    await lab.trainToTheEnd();
  }
  await page.getByRole("tab", { name: "Activity" }).click();
  await settled(page);
  return lab;
}

/** Waits until everything is measured and drawn. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator("main")).toHaveAttribute("aria-busy", "false");
  await expect(page.locator('[data-drawn="false"]')).toHaveCount(0);
}

const bar = (page: Page): Locator => page.getByRole("region", { name: "Lesion" });
const map = (page: Page): Locator => page.getByRole("spinbutton", { name: "Unit chosen on the map" });

/** The area of the heat map in the page. */
async function area(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await card(page, "What do its units do?").locator(".frame").boundingBox();
  if (!found) throw new Error("The map has no place.");
  return found;
}

async function drag(page: Page, points: [number, number][]): Promise<void> {
  const { x, y, width, height } = await area(page);
  for (const [index, [across, down]] of points.entries()) {
    await page.mouse.move(x + across * width, y + down * height, { steps: 4 });
    if (index === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

async function click(page: Page, row: number, rows = 50): Promise<void> {
  const { x, y, width, height } = await area(page);
  await page.mouse.click(x + width / 2, y + (height * (row + 0.5)) / rows);
}

test("units are silenced by clicking, by rectangle and lasso, and speak again", async ({ page }) => {
  await opened(page, 60);
  await page.getByRole("combobox", { name: "Sorted by" }).selectOption("number");
  await page.getByRole("button", { name: "Click silences" }).click();
  await click(page, 7);
  await expect(bar(page)).toContainText("Unit 7 is silent throughout the trial.");
  const trial = page.getByRole("button", { name: "Numbers of Trial 1" });
  await expect(card(page, "What does it do?").locator(".summary")).toContainText("with the lesion");
  await expect(bar(page)).toContainText(/correct with the lesion \(\d+ of 400 fresh trials\), .* without/);

  // A rectangle over rows 10 to 19; then the click again takes one back.
  await drag(page, [
    [0.2, 10.2 / 50],
    [0.6, 19.8 / 50],
  ]);
  await expect(bar(page)).toContainText("Units 7, 10–19 are silent");
  await click(page, 7);
  await expect(bar(page)).toContainText("Units 10–19 are silent");

  // Means and tuning show both, with the lesion and without.
  await settled(page);
  await expect(card(page, "What do they tell apart?").locator(".summary")).toContainText(
    "with the lesion (dashed: on the same trials without it)",
  );
  await expect(card(page, "What is it tuned to?").locator(".summary")).toContainText("dashed: without it");
  const tuned = await new Laboratory(page).numbersOf("Tuning");
  expect(tuned.every((row) => row.length === 6)).toBe(true);

  // A lasso around all peaks silences every unit: the outputs are then still.
  await page.getByRole("button", { name: "Lasso of peaks" }).click();
  await drag(page, [
    [0.001, 0.001],
    [0.999, 0.001],
    [0.999, 0.999],
    [0.001, 0.999],
  ]);
  await expect(bar(page)).toContainText(/\d+ units are silent|Units .* are silent/);
  await settled(page);

  await trial.click();
  const table = page.getByRole("region", { name: "Numbers of Trial 1" });
  await expect(table.getByRole("columnheader", { name: "output with the lesion 1" })).toBeVisible();
  await expect(table.getByRole("columnheader", { name: "output without the lesion 1" })).toBeVisible();
  const last = await table.locator("tbody tr").last().locator("td").allTextContents();
  expect(last[5]).not.toBe(last[7]);

  await page.getByRole("button", { name: "Take the lesion back" }).click();
  await expect(bar(page)).toHaveCount(0);
  await expect(table.getByRole("columnheader", { name: "output with the lesion 1" })).toHaveCount(0);
  await expect(table.getByRole("columnheader", { name: "output 1" })).toBeVisible();
});

test("everything is done by keyboard, with sentences for what is wrong", async ({ page }) => {
  await opened(page, 0);
  await page.getByRole("combobox", { name: "Sorted by" }).selectOption("number");
  await map(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  const field = page.getByRole("textbox", { name: "Units chosen" });
  await expect(field).toHaveValue("1, 2");
  await page.keyboard.press("Space");
  await expect(bar(page)).toContainText("Units 1, 2 are silent throughout the trial.");
  await expect(page.getByRole("button", { name: "Train", exact: true })).toBeVisible();

  const silent = page.getByRole("textbox", { name: "Silent units" });
  await silent.fill("3, 70");
  await silent.press("Enter");
  await expect(page.getByText("There is no unit 70; units go from 0 to 49.")).toBeVisible();
  await expect(silent).toHaveAttribute("aria-invalid", "true");
  await silent.fill("3, 7-9");
  await silent.press("Enter");
  await expect(bar(page)).toContainText("Units 3, 7–9 are silent");

  await page.getByLabel("from", { exact: true }).fill("401");
  await page.getByLabel("to", { exact: true }).fill("300");
  await page.getByLabel("to", { exact: true }).press("Enter");
  await expect(bar(page)).toContainText("The window must begin before it ends");
  await page.getByLabel("to", { exact: true }).fill("404");
  await page.getByLabel("to", { exact: true }).press("Enter");
  await expect(bar(page)).toContainText("No step begins between 401\u202fms and 404\u202fms");
  await page.getByLabel("from", { exact: true }).fill("400");
  await page.getByLabel("to", { exact: true }).fill("900");
  await page.getByLabel("to", { exact: true }).press("Enter");
  await expect(bar(page)).toContainText("are silent from 400\u202fms to 900\u202fms.");
  await expect(page.getByRole("button", { name: "Keep it and train on" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await expect(bar(page)).toContainText("A lesion of a time window cannot be kept");
  await settled(page);
  // Before the window both networks do the same.
  const rows = await new Laboratory(page).numbersOf("Trial 1");
  const at = (time: string) => rows.find(([first]) => first === time) ?? [];
  expect(at("390")[5]).toBe(at("390")[7]);
  expect(at("890")[5]).not.toBe(at("890")[7]);

  await page.getByRole("button", { name: "Cut connections" }).click();
  await page.getByLabel("from units").fill("0–4");
  await page.getByLabel("to units").fill("5");
  await page.getByLabel("to units").press("Enter");
  await expect(bar(page)).toContainText("5 connections from units 0–4 to unit 5 are cut");
  await page.getByRole("button", { name: "Mend connections" }).click();
  await expect(bar(page)).not.toContainText("are cut");
});

test("a lesion is kept and trained on with, and the silenced unit stays silent", async ({ page }) => {
  const lab = await opened(page, 20);
  await page.getByRole("textbox", { name: "Units chosen" }).fill("4");
  await page.getByRole("button", { name: "Silence unit 4" }).click();
  await expect(bar(page)).toContainText("Unit 4 is silent");
  await page.getByRole("tab", { name: "Weights" }).click();
  await page.getByRole("button", { name: "Keep it and train on" }).click();
  // The bar ends with the network that it was made for; another one trains.
  await expect(bar(page)).toHaveCount(0);
  // What the lesion took is marked in the view that was open, which followed from network to network.
  await expect(page.getByText("Grey: no connection (50).")).toBeVisible();
  await expect(page.getByRole("button", { name: "Raw" })).toBeVisible();
  await lab.finished();
  await page.getByRole("tab", { name: "Activity" }).click();
  const activity = page.getByRole("region", { name: "Unit activity" });
  await expect(activity).toContainText("Unit 4 sends nothing, neither to units nor to outputs.");
  await page.getByRole("tab", { name: "Overview" }).click();
  await lab.settled();
  await page.getByRole("button", { name: "Save W_rec" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Numbers (CSV)" }).click();
  const stream = await (await download).createReadStream();
  let text = "";
  for await (const part of stream) text += String(part);
  const weights = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").slice(1).map(Number));
  expect(weights).toHaveLength(50);
  expect(weights.every((row) => row[4] === 0)).toBe(true);
  expect(weights.some((row) => row[5] !== 0)).toBe(true);
});

test("a network without W_rec has units to silence, and says that nothing else can be", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await page
    .getByRole("combobox", { name: "Network", exact: true })
    .selectOption({ label: "Long short-term memory" });
  await page.getByRole("tab", { name: "Activity" }).click();
  await page.getByRole("textbox", { name: "Units chosen" }).fill("4");
  await page.getByRole("button", { name: "Silence unit 4" }).click();
  await expect(bar(page)).toContainText("Unit 4 is silent");
  await expect(bar(page)).toContainText("Connections cannot be cut in this network");
  await expect(page.getByRole("button", { name: "Keep it and train on" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await expect(bar(page)).toContainText("has no connectivity that could keep the lesion");
});

test("has no accessibility violations with a lesion", async ({ page }) => {
  await opened(page, 0);
  await page.getByRole("textbox", { name: "Units chosen" }).fill("3, 7");
  await page.getByRole("button", { name: "Silence units 3, 7" }).click();
  await page.getByRole("button", { name: "Cut connections" }).click();
  await page.getByRole("textbox", { name: "Silent units" }).fill("x");
  await page.getByRole("textbox", { name: "Silent units" }).press("Enter");
  await settled(page);
  await expectNoViolations(page);
});
