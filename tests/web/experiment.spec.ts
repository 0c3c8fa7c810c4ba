import { expect, test } from "@playwright/test";
import { Laboratory } from "./laboratory";

test("the forms begin with the defaults of the field's hello world", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await expect(lab.field("Time step")).toHaveValue("10");
  await expect(lab.field("Time constant")).toHaveValue("100");
  await expect(lab.field("Trial length")).toHaveValue("2000");
  await expect(lab.field("Trials per iteration")).toHaveValue("128");
  await expect(lab.field("Units")).toHaveValue("50");
  await expect(page.getByText("α = dt/τ = 0.1")).toBeVisible();
});

test("a bad value is marked at its field in words and turns Train off until it is mended", async ({
  page,
}) => {
  const lab = new Laboratory(page);
  await lab.open();
  const field = lab.field("Time step");
  await field.fill("-5");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  const problem = page.locator("#field-task-dt-problem");
  await expect(problem).toContainText("above 0");
  await expect(field).toHaveAccessibleDescription(/above 0/);
  await expect(lab.train).toBeDisabled();
  await expect(lab.train).toHaveAccessibleDescription(/Train is off: Time step/);

  await field.fill("ten");
  await expect(problem).toContainText(
    'Time step must be a number above 0 and at most 10000 (ms); found "ten".',
  );
  await field.fill("");
  await expect(problem).toContainText("the field is empty");
  await expect(lab.train).toBeDisabled();

  await field.fill("20");
  await expect(problem).toBeHidden();
  await expect(field).not.toHaveAttribute("aria-invalid");
  await expect(lab.train).toBeEnabled();
  await expect(page.getByText("α = dt/τ = 0.2")).toBeVisible();
});

test("the reason beside Train leads to the field, wherever it is folded away", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const network = page
    .locator("details.section")
    .filter({ has: page.getByRole("heading", { name: "Network" }) });
  await network.locator("details.more > summary").click();
  // What only some choices give a meaning is there with them, and where the document has it.
  const slope = lab.field("Slope below zero");
  const transferFunction = page.getByRole("combobox", { name: "Transfer function" });
  await expect(slope).toHaveCount(0);
  await transferFunction.selectOption({ label: "Leaky relu (leaky_relu)" });
  await slope.fill("0.3");
  await transferFunction.selectOption("tanh");
  await expect(slope).toHaveValue("0.3");
  await expect(network.getByText("not used")).toBeVisible();
  await page.getByRole("button", { name: "Back to 0.2 for Slope below zero" }).click();
  await expect(slope).toHaveCount(0);
  await lab.field("Spectral radius").fill("0");
  await page.getByRole("button", { name: /^Train is off/ }).click();
  await expect(lab.field("Spectral radius")).toBeFocused();
});

test("what differs from the default is marked and can be put back", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.field("Units").fill("20");
  await expect(page.getByText("1 changed")).toBeVisible();
  await page.getByRole("button", { name: "Back to 50 for Units" }).click();
  await expect(lab.field("Units")).toHaveValue("50");
  await expect(page.getByText("1 changed")).toBeHidden();
});

test("a value can take another form", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const first = await lab.weights();
  const form = page.getByRole("combobox", { name: "Coherence" });
  await form.selectOption({ label: "one value" });
  await page.getByRole("spinbutton", { name: /of Coherence/ }).fill("0.5");
  const summary = page.locator("section").filter({ hasText: "What does it do?" }).locator(".summary");
  await expect(summary).not.toContainText("coherence");
  await form.selectOption({ label: "one of a list" });
  const list = page.getByRole("textbox", { name: /of Coherence/ });
  await list.fill("0.1, 0.3");
  await list.blur();
  await expect(summary).toContainText(/coherence 0\.[13]/);
  // The task changes, the initial weights do not.
  await expect(lab.hash).toHaveText(first);
});

test("a change after training asks before it drops the network", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.step.click();
  await expect(lab.headline).toContainText("at iteration 1");
  const trained = await lab.weights();
  await page.getByRole("textbox", { name: "Name of the experiment" }).fill("Mine");
  await expect(lab.train).toBeEnabled();

  await lab.field("Units").fill("20");
  const warning = page.getByText(
    "This change starts a new network; the trained one (iteration 1) stays in Runs.",
  );
  await expect(warning).toBeVisible();
  await expect(lab.train).toBeDisabled();
  expect(await lab.weights()).toBe(trained);
  await page.getByRole("button", { name: "Keep the trained one" }).click();
  await expect(lab.field("Units")).toHaveValue("50");
  await expect(lab.train).toBeEnabled();

  await lab.field("Units").fill("20");
  await page.getByRole("button", { name: "Start a new network" }).click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "0");
  await expect(warning).toBeHidden();
  await expect(lab.hash).not.toHaveText(trained);
  await expect(lab.train).toBeEnabled();
});

test("help is one sentence away", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const help = page.getByRole("button", { name: "Help on Time constant" });
  await help.click();
  await expect(help).toHaveAttribute("aria-expanded", "true");
  await expect(page.locator("#field-task-tau-help")).toContainText("tau");
  await expect(lab.field("Time constant")).toHaveAccessibleDescription(/tau/);
});
