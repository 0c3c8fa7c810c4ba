import { expect, test } from "@playwright/test";
import { expectNoViolations, Laboratory } from "./laboratory";

test("edits are undone and redone by keys and by buttons, one step a field", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const first = await lab.weights();
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  const redo = page.getByRole("button", { name: "Redo", exact: true });
  await expect(undo).toBeDisabled();

  const units = lab.field("Units");
  await units.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("12");
  await page.keyboard.press("Tab");
  await expect(lab.hash).not.toHaveText(first);
  await page.getByRole("combobox", { name: "Transfer function" }).selectOption("tanh");
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("combobox", { name: "Transfer function" })).toHaveValue("0");
  await page.keyboard.press("Control+z");
  await expect(units).toHaveValue("50");
  await expect(lab.hash).toHaveText(first);
  await expect(undo).toBeDisabled();
  await page.keyboard.press("Control+Shift+z");
  await expect(units).toHaveValue("12");
  await redo.click();
  await expect(redo).toBeDisabled();
  await undo.click();
  await undo.click();
  await expect(lab.hash).toHaveText(first);
  await expectNoViolations(page);

  // What is being typed is the field's own.
  const name = page.getByRole("textbox", { name: "Name of the experiment" });
  await name.click();
  await page.keyboard.type("Mine");
  await page.keyboard.press("Control+z");
  await expect(name).toBeFocused();
  await name.fill("Mine");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+z");
  await expect(name).toHaveValue("");
});

test("a trained network comes back after an example, a reset and an edit of weights, with its curve", async ({
  page,
}) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.field("Units").fill("12");
  await lab.askFor(20);
  await lab.trainToTheEnd();
  const trained = await lab.weights();
  const curve = await lab.numbersOf("Learning curve");
  const comesBack = async () => {
    await expect(lab.hash).toHaveText(trained);
    await expect(lab.progress).toHaveAttribute("aria-valuenow", "20");
    await expect(lab.headline).toContainText("before training");
    await lab.settled();
    expect(await lab.numbersOf("Learning curve")).toEqual(curve);
  };

  await lab.reset.click();
  await expect(lab.hash).not.toHaveText(trained);
  await page.keyboard.press("Control+z");
  await comesBack();

  await page.getByRole("button", { name: "Examples", exact: true }).click();
  await page.getByRole("button", { name: "Dale’s law", exact: true }).click();
  await page.getByRole("button", { name: "Open the example" }).click();
  await expect(lab.hash).not.toHaveText(trained);
  const example = await lab.weights();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await comesBack();
  await page.getByRole("button", { name: "Redo", exact: true }).click();
  await expect(lab.hash).toHaveText(example);
  await page.keyboard.press("Control+z");
  await comesBack();

  await page.getByRole("tab", { name: "Weights" }).click();
  await page.getByRole("button", { name: "Set to zero" }).click();
  await expect(lab.hash).not.toHaveText(trained);
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "0");
  await page.getByRole("button", { name: "Undo the edit" }).click();
  await expect(lab.hash).toHaveText(trained);
  await page.getByRole("tab", { name: "Overview" }).click();
  await comesBack();
});
