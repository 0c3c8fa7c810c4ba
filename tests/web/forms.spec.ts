import { expect, test, type Page } from "@playwright/test";
import { expectNoViolations, Laboratory } from "./laboratory";

const shots = process.env.NULLCLINE_SHOTS;
async function picture(page: Page, name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png` });
}

test("a curriculum of four stages of falling coherence is made in a minute", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const panel = page.locator("#experiment");
  await panel
    .getByRole("combobox", { name: "Curriculum" })
    .selectOption({ label: "tasks one after the other" });
  await panel.getByRole("button", { name: /^Stage 1/ }).click();
  await panel.getByRole("combobox", { name: "Change a field of the task" }).selectOption("Coherence");
  const stage = (number: number) => panel.getByRole("group", { name: new RegExp(`^Stage ${number}`) });
  await stage(1)
    .getByRole("spinbutton", { name: /of Coherence/ })
    .fill("0.7");
  for (const [index, coherence] of ["0.5", "0.3", "0.1"].entries()) {
    await panel.getByRole("button", { name: "Add a stage" }).click();
    await stage(index + 2)
      .getByRole("spinbutton", { name: /of Coherence/ })
      .fill(coherence);
  }
  await picture(page, "curriculum");
  await expect(lab.train).toBeEnabled();

  // Stages move, go twice and go away by keyboard, and the focus stays with them.
  await panel.getByRole("button", { name: "Move Stage 4 up" }).focus();
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("button", { name: /^Stage 3 .*0\.1/ })).toBeVisible();
  await expect(panel.getByRole("button", { name: "Move Stage 3 up" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("button", { name: /^Stage 1 .*0\.1/ })).toBeFocused();
  await panel.getByRole("button", { name: "Remove Stage 1" }).press("Enter");
  await expect(panel.getByRole("button", { name: /^Stage 1 .*0\.7/ })).toBeFocused();
  await panel.getByRole("button", { name: "Duplicate Stage 3" }).press("Enter");
  await stage(4)
    .getByRole("spinbutton", { name: /of Coherence/ })
    .fill("-1");
  await expect(stage(4).getByRole("spinbutton", { name: /of Coherence/ })).toHaveAttribute(
    "aria-invalid",
    "true",
  );
  await page.getByRole("button", { name: /^Train is off: Stage 4, Coherence/ }).click();
  await expect(stage(4).getByRole("spinbutton", { name: /of Coherence/ })).toBeFocused();
  await stage(4)
    .getByRole("spinbutton", { name: /of Coherence/ })
    .fill("0.2");
  await expect(lab.train).toBeEnabled();

  await page.getByRole("group", { name: "The experiment as" }).getByRole("button", { name: "Text" }).click();
  const text = page.getByRole("textbox", { name: "The experiment as text" });
  expect((JSON.parse(await text.inputValue()) as { curriculum: unknown }).curriculum).toEqual({
    stages: [0.7, 0.5, 0.3, 0.2].map((coherence) => ({ task: { coherence } })),
  });
  await picture(page, "text");
});

test("the document can be written as text, and says at which line it is wrong", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const side = (name: string) =>
    page.getByRole("group", { name: "The experiment as" }).getByRole("button", { name });
  const text = page.getByRole("textbox", { name: "The experiment as text" });

  // By keyboard: from the form to the text, and into it.
  await side("Text").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(text).toBeFocused();
  await text.fill(
    '{\n  "nullcline": 1,\n  "task": { "type": "PerceptualDiscrimination",\n    "dt": -5 },\n  "network": { "type": "Basic", "N_rec": 12 }\n}',
  );
  await expect(text).toHaveAttribute("aria-invalid", "true");
  await expect(text).toHaveAccessibleDescription(/Line 4 Time step must be a number above 0/);
  await expect(lab.train).toBeDisabled();
  await page.getByRole("button", { name: /^Train is off/ }).click();
  await expect(text).toBeFocused();
  await picture(page, "text-wrong");
  expect(
    await text.evaluate((area: HTMLTextAreaElement) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    ),
  ).toBe('    "dt": -5 },');
  await page.keyboard.insertText('    "dt": 20 },');
  await expect(lab.train).toBeEnabled();

  // What cannot be read keeps the last document and is kept itself.
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await expect(text).toHaveAccessibleDescription(/Line 5, column 3 Expected a comma or } here; found "\./);
  await page.getByRole("button", { name: "Train is off: the text cannot be read at line 5." }).click();
  await expect(text).toBeFocused();
  await side("Form").click();
  await expect(lab.train).toBeEnabled();
  // Nor is it lost with the page unasked.
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe("beforeunload");
  await (await asked).dismiss();
  await expect(lab.field("Time step")).toHaveValue("20");
  await expect(lab.field("Units")).toHaveValue("12");
  await lab.field("Units").fill("14");
  await page.getByRole("button", { name: "Mend the text" }).click();
  await expect(text).toHaveValue(/"N_rec": 12/);
  await expect(page.getByText("The form has changed since")).toBeVisible();
  await picture(page, "text-broken");
  await page.getByRole("button", { name: "Drop this text" }).click();
  await expect(text).toHaveValue(/"N_rec": 14/);
  await side("Form").click();
  await expect(lab.field("Units")).toHaveValue("14");
  let isAsked = false;
  page.on("dialog", (question) => {
    isAsked = true;
    void question.accept();
  });
  await page.reload();
  await expect(lab.field("Units")).toHaveValue("14");
  expect(isAsked).toBe(false);
});

test("a connectivity is drawn as it is made, painted on, pasted and loaded", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.field("Units").fill("8");
  const panel = page.locator("#experiment");
  await panel
    .locator("details.section")
    .filter({ has: page.getByRole("heading", { name: "Network" }) })
    .locator("details.more > summary")
    .click();
  const form = panel.getByRole("combobox", { name: "Recurrent connectivity" });
  await form.selectOption({ label: 'pattern "modules"' });
  await expect(
    panel.getByRole("img", { name: "Recurrent connectivity: 8 × 8, 32 of 64 connected" }),
  ).toBeVisible();
  await picture(page, "modules");

  // What the pattern makes is there to paint on.
  await panel.getByRole("button", { name: "Make a matrix of it Recurrent connectivity" }).click();
  const dialog = page.getByRole("dialog", { name: "Recurrent connectivity" });
  const cells = dialog.getByRole("application", { name: "Cells of Recurrent connectivity" });
  await expect(cells).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await expect(dialog.locator(".here")).toHaveText("to unit 0, from unit 1: 0");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(dialog.locator(".here")).toHaveText("to unit 0, from unit 2: 0");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  const box = await cells.boundingBox();
  if (!box) throw new Error("no cells");
  const place = (row: number, column: number): [number, number] => [
    box.x + ((column + 0.5) * box.width) / 8,
    box.y + ((row + 0.5) * box.height) / 8,
  ];
  await page.mouse.move(...place(7, 0));
  await page.mouse.down();
  await page.mouse.move(...place(7, 2), { steps: 3 });
  await page.mouse.up();
  await picture(page, "matrix-editor");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(panel.getByRole("button", { name: "Edit Recurrent connectivity" })).toBeFocused();
  await expect(form.locator("option:checked")).toHaveText(/matrix/);
  await expect(panel.getByRole("img", { name: /8 × 8, 35 of 64 connected/ })).toBeVisible();
  await expect(lab.train).toBeEnabled();

  await panel.getByRole("button", { name: "Edit Recurrent connectivity" }).press("Enter");
  const paste = dialog.getByRole("textbox", { name: "Paste from a spreadsheet" });
  await paste.fill("1\t0\n0\tx");
  await dialog.getByRole("button", { name: "Take these numbers" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Row 2, cell 2 is “x”, which is no number.");
  await paste.fill("1\t0\n0\t1");
  await dialog.getByRole("button", { name: "Take these numbers" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("This is 2 × 2; 8 × 8 (to × from) is needed.");
  const diagonal = Array.from({ length: 8 }, (_, row) =>
    Array.from({ length: 8 }, (_, column) => Number(row === column)),
  );
  await paste.fill(diagonal.map((row) => row.join("\t")).join("\n"));
  await dialog.getByRole("button", { name: "Take these numbers" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("");
  await page.keyboard.press("Escape");
  await expect(panel.getByRole("img", { name: /8 × 8, 8 of 64 connected/ })).toBeVisible();

  await panel.getByRole("button", { name: "Edit Recurrent connectivity" }).click();
  await dialog.locator('input[type="file"]').setInputFiles({
    name: "ones.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(diagonal.map((row) => row.map(() => 1).join(",")).join("\n")),
  });
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(panel.getByRole("img", { name: /8 × 8, 64 of 64 connected/ })).toBeVisible();

  // An array of NumPy: the document names it, the preview shows what it holds.
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (8, 8), }".padEnd(117) + "\n";
  const npy = Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]),
    Buffer.from(header, "latin1"),
    Buffer.from(Float64Array.from(diagonal.flat()).buffer),
  ]);
  await panel.getByRole("button", { name: "Edit Recurrent connectivity" }).click();
  await dialog.locator('input[type="file"]').setInputFiles({ name: "mask.npy", mimeType: "", buffer: npy });
  await expect(dialog).toBeHidden();
  await expect(panel.getByRole("img", { name: /8 × 8, 8 of 64 connected/ })).toBeVisible();
  await expect(panel.getByRole("combobox", { name: "Array of Recurrent connectivity" })).toHaveValue("mask");
  await expect(lab.train).toBeEnabled();

  // Fixed weights are matrices by the names of weights.
  await panel
    .locator("details.section")
    .filter({ has: page.getByRole("heading", { name: "Training" }) })
    .locator("details.more > summary")
    .click();
  await panel.getByRole("combobox", { name: "Add to Fixed weights" }).selectOption("W_in");
  await expect(panel.getByRole("combobox", { name: "W_in", exact: true })).toBeFocused();
  await panel.getByRole("combobox", { name: "W_in", exact: true }).selectOption({ label: 'pattern "rows"' });
  await expect(panel.getByRole("img", { name: "W_in: 8 × 2, 8 of 16 fixed" })).toBeVisible();
  await picture(page, "fixed");
  await expect(lab.train).toBeEnabled();
});

test("a section has presets, and goes back to its defaults", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const panel = page.locator("#experiment");
  const menu = panel.getByRole("button", { name: "Presets of Network" });
  await menu.press("Enter");
  await picture(page, "presets");
  await panel.getByRole("button", { name: /^Dale’s law/ }).press("Enter");
  await expect(menu).toBeFocused();
  await expect(panel.getByRole("spinbutton", { name: /of Dale's ratio/ })).toHaveValue("0.8");
  await expect(panel.getByText("2 changed")).toBeVisible();
  await menu.click();
  await panel.getByRole("button", { name: "Back to the defaults" }).click();
  await expect(panel.getByText("2 changed")).toBeHidden();
  await expect(panel.getByRole("spinbutton", { name: /of Dale's ratio/ })).toBeHidden();
});

test("whatever type is chosen, every field has a control with a name, and none is left to JSON", async ({
  page,
}) => {
  const lab = new Laboratory(page);
  await lab.open();
  const panel = page.locator("#experiment");
  const openAll = async () => {
    const closed = panel.locator("details.more:not([open]) > summary");
    while ((await closed.count()) > 0) await closed.first().click();
  };
  for (const choice of [
    "Task",
    "Network",
    "Optimizer: type",
    "Learning rate schedule: type",
    "Initial weights: type",
  ]) {
    if (choice === "Initial weights: type")
      await panel.getByRole("combobox", { name: "Network", exact: true }).selectOption({ index: 0 });
    await openAll();
    const select = panel.getByRole("combobox", { name: choice, exact: true });
    for (let index = 0; index < (await select.locator("option").count()); index++) {
      await select.selectOption({ index });
      await openAll();
      await expect(panel.locator("textarea")).toHaveCount(0);
      const nameless = await panel.locator("input, select").evaluateAll((controls) =>
        controls
          .filter((one) => one instanceof HTMLInputElement || one instanceof HTMLSelectElement)
          .filter((one) => !one.ariaLabel && (one.labels?.length ?? 0) === 0)
          .map((one) => one.outerHTML),
      );
      expect(nameless).toEqual([]);
      const empty = await panel
        .locator(".field .control")
        .evaluateAll(
          (controls) => controls.filter((one) => !one.querySelector("input, select, button")).length,
        );
      expect(empty).toBe(0);
    }
  }
});

test("the editors have no accessibility violations", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const panel = page.locator("#experiment");
  await panel
    .getByRole("combobox", { name: "Curriculum" })
    .selectOption({ label: "tasks one after the other" });
  await panel.getByRole("button", { name: /^Stage 1/ }).click();
  await panel.getByRole("combobox", { name: "Change a field of the task" }).selectOption("Coherence");
  await panel.getByRole("button", { name: "Add a stage" }).click();
  await picture(page, "stages");
  await expectNoViolations(page, "#experiment");

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Experiment", exact: true }).click();
  await panel.getByRole("button", { name: "Add a stage" }).scrollIntoViewIfNeeded();
  await picture(page, "stages-phone");
  await page.getByRole("button", { name: "Text" }).click();
  const text = page.getByRole("textbox", { name: "The experiment as text" });
  await text.press("End");
  await text.press("Backspace");
  await picture(page, "text-phone");
  await expectNoViolations(page, "#experiment");
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("button", { name: "Text" }).press("Tab");
  await page.getByRole("textbox", { name: "The experiment as text" }).fill(
    JSON.stringify({
      nullcline: 1,
      task: { type: "PerceptualDiscrimination" },
      network: {
        type: "Basic",
        N_rec: 20,
        initializer: { type: "GaussianSpectralRadius", W_rec: { pattern: "ring" } },
      },
    }),
  );
  await page.getByRole("button", { name: "Form" }).click();
  await panel
    .locator("details.section")
    .filter({ has: page.getByRole("heading", { name: "Network" }) })
    .locator("details.more > summary")
    .first()
    .click();
  await panel.locator("fieldset fieldset details.more > summary").first().click();
  await panel.getByRole("combobox", { name: "W_rec", exact: true }).selectOption({ label: "drawn" });
  await panel
    .getByRole("combobox", { name: "W_rec", exact: true })
    .selectOption({ label: "matrix (to × from)" });
  await panel.getByRole("button", { name: "Edit W_rec" }).click();
  await picture(page, "weights-editor");
  await expectNoViolations(page, "#experiment");
  await page.setViewportSize({ width: 390, height: 844 });
  await picture(page, "weights-editor-phone");
});
