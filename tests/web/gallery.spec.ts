import { expect, test, type Locator, type Page } from "@playwright/test";
import { expectNoViolations, Laboratory } from "./laboratory";

class Gallery {
  readonly opener: Locator;
  readonly dialog: Locator;
  readonly note: Locator;

  constructor(page: Page) {
    this.opener = page.getByRole("button", { name: "Examples" });
    this.dialog = page.getByRole("dialog");
    this.note = page.locator("section.note");
  }

  example(name: string): Locator {
    return this.dialog.getByRole("button", { name, exact: true });
  }

  async choose(name: string): Promise<void> {
    await this.opener.click();
    await this.example(name).click();
  }
}

test("an example is opened, says what to look at, and trains", async ({ page }) => {
  const lab = new Laboratory(page);
  const gallery = new Gallery(page);
  await lab.open();
  await gallery.opener.click();
  await expect(gallery.dialog).toHaveAccessibleName("Examples");
  await expect(gallery.dialog.getByRole("heading", { level: 3 })).toHaveText([
    "First steps",
    "Biological constraints",
    "Curriculum",
    "Weights",
    "Simulation",
    "Extending",
  ]);
  await expect(gallery.example("Dale’s law")).toHaveAccessibleDescription(/excite all their targets/);
  await gallery.example("Dale’s law").click();
  await expect(gallery.dialog).toBeHidden();
  await expect(gallery.note).toBeFocused();
  await expect(gallery.note).toContainText("first 40 columns");
  await expect(page.getByRole("textbox", { name: "Name of the experiment" })).toHaveValue("Dale’s law");
  await expect(page).toHaveTitle("Dale’s law – Nullcline");

  await lab.askFor(3);
  await lab.trainToTheEnd();
  await expect(gallery.note).toBeVisible();
  await gallery.note.getByRole("button", { name: "Close note" }).click();
  await expect(gallery.note).toBeHidden();
});

test("everything is in reach of the keyboard, and Escape closes", async ({ page }) => {
  const lab = new Laboratory(page);
  const gallery = new Gallery(page);
  await lab.open();
  await gallery.opener.focus();
  await page.keyboard.press("Enter");
  await expect(gallery.dialog.getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(gallery.dialog).toBeHidden();
  await expect(gallery.opener).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(gallery.example("Hello World")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(gallery.example("Hello World")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(gallery.note).toContainText("Simple example");
  await expect(gallery.note).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(gallery.note.getByRole("button", { name: "Next: Unconstrained" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle("Unconstrained – Nullcline");
  await expect(gallery.note).toContainText("Unconstrained");
});

test("a trained network is not dropped unasked", async ({ page }) => {
  const lab = new Laboratory(page);
  const gallery = new Gallery(page);
  await lab.open();
  await lab.step.click();
  await expect(lab.headline).toContainText("at iteration 1");
  const trained = await lab.weights();

  await gallery.choose("No autapses");
  await expect(gallery.dialog).toHaveAccessibleName("Open “No autapses”?");
  await expect(gallery.dialog).toContainText("trained here for 1 iteration makes way and stays in Runs");
  const keep = gallery.dialog.getByRole("button", { name: "Keep what is here" });
  await expect(keep).toBeFocused();
  await keep.click();
  await expect(gallery.dialog).toBeHidden();
  expect(await lab.weights()).toBe(trained);

  await gallery.choose("No autapses");
  await gallery.dialog.getByRole("button", { name: "Open the example" }).click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "0");
  await expect(lab.hash).not.toHaveText(trained);
  await expect(page).toHaveTitle("No autapses – Nullcline");
  // On the overview too: the diagonal.
  await expect(page.getByText("Grey: no connection (50).")).toBeVisible();

  await lab.field("Units").fill("20");
  await gallery.choose("Hello World");
  await expect(gallery.dialog).toContainText(
    "Your experiment, with its changes, makes way and stays in Runs.",
  );
});

test("the network from a file and that from a dictionary are one, and know the task", async ({ page }) => {
  const lab = new Laboratory(page);
  const gallery = new Gallery(page);
  await lab.open();
  await gallery.choose("Simulation from a file");
  await expect(lab.headline).toContainText(/With the weights it was given, this network is 9\d\s% correct/);
  const fromFile = await lab.weights();
  await gallery.choose("Simulation from a dictionary");
  await expect(page).toHaveTitle("Simulation from a dictionary – Nullcline");
  await expect(lab.hash).toHaveText(fromFile);
  await gallery.choose("A new task");
  await expect(lab.hash).not.toHaveText(fromFile);
  await expect(lab.train).toBeEnabled();
});

test("has no accessibility violations and fits a phone", async ({ page }) => {
  const lab = new Laboratory(page);
  const gallery = new Gallery(page);
  await lab.open();
  await gallery.opener.click();
  // Every card has its picture.
  await expect(gallery.dialog.locator("li:not(:has(path))")).toHaveCount(0);
  await expectNoViolations(page);
  await gallery.example("With a curriculum").click();
  await expect(gallery.note).toBeVisible();
  await expectNoViolations(page);
  await lab.step.click();
  await expect(lab.headline).toContainText("at iteration 1");
  await gallery.choose("Hello World");
  await expectNoViolations(page);
  await page.keyboard.press("Escape");

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await gallery.opener.click();
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  const box = await gallery.dialog.boundingBox();
  expect(box?.width).toBeLessThanOrEqual(390);
  await expectNoViolations(page);
});
