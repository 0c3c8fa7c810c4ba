import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { Laboratory } from "./laboratory";

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include("#experiment").analyze();
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join("\n  ")}`,
  );
  expect(told.join("\n")).toBe("");
}

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
  await side("Form").click();
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
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

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
      await picture(page, `stages-${colorScheme}`);
      await expectNoViolations(page);

      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole("button", { name: "Experiment", exact: true }).click();
      await panel.getByRole("button", { name: "Add a stage" }).scrollIntoViewIfNeeded();
      await picture(page, `stages-phone-${colorScheme}`);
      await page.getByRole("button", { name: "Text" }).click();
      const text = page.getByRole("textbox", { name: "The experiment as text" });
      await text.press("End");
      await text.press("Backspace");
      await picture(page, `text-phone-${colorScheme}`);
      await expectNoViolations(page);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    });
  });
}
