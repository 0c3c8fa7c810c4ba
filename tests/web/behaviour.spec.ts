import { expect, test, type Page } from "@playwright/test";
import { expectNoViolations, Laboratory } from "./laboratory";

/** Goes to the view and waits until the network at hand is measured and drawn. */
async function openBehaviour(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Behaviour" }).click();
  await measured(page);
}

async function measured(page: Page, iteration = /^Iteration \d/): Promise<void> {
  await expect(page.locator(".standing")).toHaveText(iteration);
  await expect(page.locator("main")).toHaveAttribute("aria-busy", "false");
}

const share = (cell = "") => Number(cell.replace(/[^\d.]/g, "")) / 100;

test("the psychometric curve of a trained network rises from one choice to the other", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.askFor(391);
  await lab.trainToTheEnd();
  await openBehaviour(page);
  await measured(page, /^Iteration 391$/);

  const curve = await lab.numbersOf("Psychometric curve");
  expect(share(curve[0]?.[2])).toBeLessThan(0.1);
  expect(share(curve.at(-1)?.[2])).toBeGreaterThan(0.9);
  const fitted = curve.map((row) => share(row[6]));
  expect(fitted).toEqual([...fitted].sort((a, b) => a - b));
  const summary = (title: string) =>
    page.getByRole("region", { name: title, exact: true }).locator(".summary");
  await expect(summary("Psychometric curve")).toContainText("midpoint");

  const [before, now] = await lab.numbersOf("Accuracy");
  expect(share(before?.[1])).toBeLessThan(0.6);
  expect(share(now?.[1])).toBeGreaterThan(0.85);
  expect(share(now?.[2])).toBeLessThan(share(now?.[1]));
  expect(share(now?.[3])).toBeGreaterThan(share(now?.[1]));

  // The diagonal of the confusion holds the correct trials.
  const confusion = await lab.numbersOf("Confusion");
  const diagonal = confusion.map((row, right) => Number(row[2 + right]));
  expect((diagonal[0] ?? NaN) + (diagonal[1] ?? NaN)).toBe(Number(now?.[4]?.replace(",", "")));

  const byCoherence = await lab.numbersOf("Accuracy by condition");
  expect(byCoherence).toHaveLength(8);
  expect(share(byCoherence[0]?.[3])).toBeLessThan(share(byCoherence.at(-1)?.[3]));
  await page.getByRole("combobox", { name: "Condition" }).selectOption("Right output");
  expect(await lab.numbersOf("Accuracy by condition")).toHaveLength(2);
  await expect(summary("Accuracy by condition")).toContainText("1,000 trials");

  await page.getByRole("button", { name: "Other trials" }).click();
  await expect.poll(() => lab.numbersOf("Confusion")).not.toEqual(confusion);
});

test("the view has no accessibility violations, before and after training", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await openBehaviour(page);
  await expect(page.locator('[data-drawn="true"]')).toHaveCount(4);
  await expectNoViolations(page);
  await lab.askFor(5);
  await lab.train.click();
  await lab.finished();
  await measured(page, /^Iteration 5$/);
  await page.getByRole("button", { name: "Numbers of Psychometric curve" }).click();
  await page.getByRole("button", { name: "Help on Accuracy", exact: true }).click();
  await expectNoViolations(page);
});

test("all of it can be done by keyboard, on a phone too", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new Laboratory(page);
  await lab.open();
  await page.getByRole("tab", { name: "Overview" }).focus();
  const tab = page.getByRole("tab", { name: "Behaviour" });
  for (let press = 0; press < 9 && !(await tab.getAttribute("aria-selected"))?.includes("true"); press++)
    await page.keyboard.press("ArrowRight");
  await expect(tab).toBeFocused();
  await measured(page);

  const tabTo = async (role: "button" | "combobox", name: string) => {
    const target = page.getByRole(role, { name, exact: true });
    for (let press = 0; press < 30; press++) {
      await page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === document.activeElement)) return target;
    }
    throw new Error(`${name} cannot be reached with the Tab key.`);
  };
  const all = await tabTo("button", "All");
  await page.keyboard.press("Enter");
  await expect(all).toHaveAttribute("aria-pressed", "true");
  await tabTo("button", "Numbers of Psychometric curve");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Numbers of Psychometric curve" })).toBeVisible();
  const condition = await tabTo("combobox", "Condition");
  await page.keyboard.press("ArrowDown");
  await expect(condition).toHaveValue("direction");
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});

test("measures nothing while the network trains, and again when it rests", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await openBehaviour(page);
  await lab.askFor(391);
  await lab.train.click();
  await expect(page.locator(".standing")).toHaveText("Iteration 0; again after training");
  await expect.poll(() => lab.iteration()).toBeGreaterThan(0);
  await lab.pause.click();
  await measured(page, /^Iteration [1-9]\d*$/);
  expect(await page.locator(".standing").textContent()).toBe(`Iteration ${await lab.iteration()}`);
});

test("a lesion stands beside the network without it", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.askFor(60);
  await lab.trainToTheEnd();
  await page.getByRole("tab", { name: "Activity" }).click();
  const map = page.getByRole("spinbutton", { name: "Unit chosen on the map" });
  await map.focus();
  await page.keyboard.press("Space");
  const silent = page.getByRole("textbox", { name: "Silent units" });
  await silent.fill("0-19");
  await silent.press("Enter");
  await openBehaviour(page);

  const networks = (rows: string[][]) => [...new Set(rows.map(([name]) => name))];
  await expect
    .poll(async () => networks(await lab.numbersOf("Accuracy")))
    .toEqual(["Before training", "Without lesion", "With lesion"]);
  for (const plot of ["Psychometric curve", "Accuracy by condition", "Confusion"])
    expect(networks(await lab.numbersOf(plot))).toEqual(["Without lesion", "With lesion"]);
  const [, intact, lesioned] = await lab.numbersOf("Accuracy");
  expect(intact?.[6]).toBe(lesioned?.[6]);
  expect(intact?.[7]).not.toBe(lesioned?.[7]);
});
