import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { expectNoViolations, Laboratory } from "./laboratory";

/** Ten units under Dale's law, the third and the last inhibitory; none drives itself; four weights are fixed. */
const constrained = {
  nullcline: 1,
  task: { type: "PerceptualDiscrimination", dt: 20, tau: 100, T: 600, N_batch: 16 },
  network: { type: "Basic", N_rec: 10, Dale_rec: [1, 1, -1, 1, 1, 1, 1, 1, 1, -1], autapses: false },
  training: {
    iterations: 20,
    fixed_weights: {
      W_rec: Array.from({ length: 10 }, (_, to) =>
        Array.from({ length: 10 }, (_, from) => Number(to > 5 && to < 8 && from < 2)),
      ),
    },
  },
};

const plain = { ...constrained, network: { type: "Basic", N_rec: 10 }, training: { iterations: 20 } };

/** The view of weights, as a person uses it. */
class WeightsView {
  readonly lab: Laboratory;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.lab = new Laboratory(page);
  }

  /** Opens the page with an experiment, written as text, and goes to the view. */
  async open(document: object): Promise<void> {
    await this.lab.open();
    await this.write(document);
    await this.page.getByRole("tab", { name: "Weights" }).click();
    await expect(this.grid).toBeVisible();
  }

  async write(document: object): Promise<void> {
    const before = await this.lab.weights();
    await this.page.getByRole("button", { name: "Text", exact: true }).click();
    await this.page
      .getByRole("textbox", { name: "The experiment as text" })
      .fill(JSON.stringify(document, null, 2));
    await expect(this.lab.hash).not.toHaveText(before);
    await this.atRest();
  }

  async atRest(): Promise<void> {
    await expect(this.page.locator("main")).toHaveAttribute("aria-busy", "false");
  }

  get grid() {
    return this.page.getByRole("grid");
  }

  /** What is told of the weight at the cursor. */
  get cell() {
    return this.grid.getByRole("gridcell");
  }

  input(name: string) {
    return this.page.getByRole("group", { name: /^Edit / }).getByRole("textbox", { name });
  }

  button(name: string) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** The middle of a cell on the page. */
  async place(row: number, column: number, size = 10): Promise<[number, number]> {
    const box = await this.grid.boundingBox();
    if (!box) throw new Error("The map has no place.");
    return [box.x + (box.width * (column + 0.5)) / size, box.y + (box.height * (row + 0.5)) / size];
  }

  /** The numbers of W_rec, to × from, as a file has them. */
  async saved(): Promise<string[][]> {
    await this.page.getByRole("button", { name: "Save W_rec" }).click();
    const download = this.page.waitForEvent("download");
    await this.page.getByRole("button", { name: "Numbers (CSV)" }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    return text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",").slice(1));
  }
}

test("weights are read, chosen and edited by pointer, and the trial answers", async ({ page }) => {
  const view = new WeightsView(page);
  await view.open(plain);
  const { lab } = view;
  const before = await lab.weights();
  const output = await lab.numbersOf("Trial 1");

  const numbers = await view.saved();
  await page.mouse.move(...(await view.place(3, 7)));
  await expect(page.locator(".label")).toContainText("from unit 7 to unit 3: ");
  const told = (await page.locator(".label").innerText()).split(": ")[1]?.replace("−", "-");
  expect(Number(told)).toBeCloseTo(Number(numbers[3]?.[7]), 4);

  await page.mouse.move(...(await view.place(2, 4)));
  await page.mouse.down();
  await page.mouse.move(...(await view.place(5, 6)), { steps: 3 });
  await page.mouse.up();
  await expect(view.input("From units")).toHaveValue("4–6");
  await expect(view.input("To units")).toHaveValue("2–5");
  await expect(page.getByText("12 weights from")).toBeVisible();

  await view.input("Value").fill("0.4");
  await view.button("Set").click();
  await expect(
    page.getByText("12 weights of W_rec set to 0.4. Training starts anew from here."),
  ).toBeVisible();
  await view.atRest();
  expect(await lab.weights()).not.toBe(before);
  expect(await lab.numbersOf("Trial 1")).not.toEqual(output);
  const edited = await view.saved();
  expect(
    edited[2]
      ?.slice(3, 8)
      .map(Number)
      .map((weight) => Math.fround(weight) === Math.fround(0.4)),
  ).toEqual([false, true, true, true, false]);

  await view.button("Change").click();
  await expect(page.getByText(/Change of the 10 × 10 weights of W_rec.*since before the edit/)).toBeVisible();
  await view.button("Undo the edit").click();
  await expect(
    page.getByText("The 10 × 10 weights of W_rec are as they were before the edit."),
  ).toBeVisible();
  await view.atRest();
  expect(await lab.weights()).toBe(before);
  await expect(view.button("Undo the edit")).toBeDisabled();
  await expect.poll(() => lab.numbersOf("Trial 1")).toEqual(output);
});

test("weights are chosen and edited without a mouse", async ({ page }) => {
  const view = new WeightsView(page);
  await view.open(plain);
  await page.getByRole("tab", { name: "Weights" }).focus();
  for (let press = 0; press < 12; press++) {
    if (await view.grid.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(view.grid).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(view.cell).toHaveText(/^from unit 2 to unit 1: −?[\d.e−]+$/);
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+End");
  await expect(view.input("From units")).toHaveValue("2–9");
  await expect(view.input("To units")).toHaveValue("1, 2");
  await page.keyboard.press("Enter");
  await expect(view.input("Value")).toBeFocused();
  await page.keyboard.type("-0.25");
  await page.keyboard.press("Enter");
  await expect(page.getByText("16 weights of W_rec set to −0.25.")).toBeVisible();
  await view.atRest();
  await expect(view.cell).toHaveText("from unit 9 to unit 2: −0.25");

  // Blocks by their numbers, in words when they are wrong.
  await view.input("From units").fill("0, 7-9");
  await view.input("To units").fill("12");
  await expect(view.input("To units")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("alert")).toHaveText("There is no unit 12; units go from 0 to 9.");
  // What is wrong stays until it is mended, also while the other side is written.
  await view.input("From units").fill("0, 7-8, 9");
  await expect(view.input("To units")).toHaveValue("12");
  await expect(view.button("Set to zero")).toBeDisabled();
  await view.input("To units").fill("all");
  await expect(page.getByText("40 weights from")).toBeVisible();
  await view.input("Factor").fill("2");
  await view.input("Factor").press("Enter");
  await expect(page.getByText("40 weights of W_rec scaled by 2.")).toBeVisible();
  await view.atRest();
  await view.grid.focus();
  await page.keyboard.press("Control+Home");
  await expect(view.cell).toHaveText(/^from unit 0 to unit 0: /);
  await view.button("Undo the edit").press("Enter");
  await expect(page.getByText("The weights of W_rec are back as they were before the edit.")).toBeVisible();
});

test("Dale's law, masks and fixed weights are marked, and told before an edit", async ({ page }) => {
  const view = new WeightsView(page);
  await view.open(constrained);
  await expect(
    page.getByText(
      "8 excitatory units (red edge), then 2 inhibitory (blue edge). Grey: no connection (10). Outlined: 4 weights that training holds.",
    ),
  ).toBeVisible();
  await view.lab.trainToTheEnd();
  await view.atRest();

  // Unit 2 is inhibitory, and stands after the excitatory ones.
  await page.mouse.move(...(await view.place(0, 8)));
  await expect(page.locator(".label")).toHaveText(/^from unit 2 \(inhibitory\) to unit 0: −/);
  await page.mouse.move(...(await view.place(0, 0)));
  await expect(page.locator(".label")).toHaveText("from unit 0 (excitatory) to unit 0: no connection");
  await page.mouse.move(...(await view.place(5, 1)));
  await expect(page.locator(".label")).toHaveText(/^from unit 1 \(excitatory\) to unit 6: .*, fixed$/);
  await view.button("Change").click();
  await expect(page.locator(".label")).toBeHidden();
  await page.mouse.move(...(await view.place(5, 1)));
  await expect(page.locator(".label")).toHaveText("from unit 1 (excitatory) to unit 6: 0, fixed");

  // Raw weights under Dale's law have either sign; effective ones have that of their unit.
  await view.button("Now").click();
  await view.button("Raw").click();
  await expect(page.getByText(/10 × 10 raw weights of W_rec/)).toBeVisible();
  await view.button("Effective").click();

  await page.mouse.click(...(await view.place(0, 0)));
  await expect(page.getByText("There is no connection: a weight here would have no effect.")).toBeVisible();
  await expect(view.button("Set to zero")).toBeDisabled();
  await view.input("From units").fill("2");
  await view.input("To units").fill("0");
  await view.input("Value").fill("0.5");
  await expect(page.getByText("it acts as −0.5")).toBeVisible();
  await expect(page.getByText("An edit starts training anew: the 20 iterations so far")).toBeVisible();
  await view.button("Set").click();
  await expect(page.getByText("1 weight of W_rec set to 0.5.")).toBeVisible();
  await view.atRest();
  await expect(view.cell).toHaveText("from unit 2 (inhibitory) to unit 0: −0.5");
  await expect(view.lab.progress).toHaveAttribute("aria-valuenow", "0");
});

test("connections are cut and mended on the map, by pointer", async ({ page }) => {
  const view = new WeightsView(page);
  await view.open(plain);
  const before = await view.lab.weights();
  const bar = page.getByRole("region", { name: "Lesion" });
  await view.button("Cut").click();
  await expect(bar).toContainText("Nothing is silent and nothing is cut.");

  await page.mouse.click(...(await view.place(3, 7)));
  await expect(bar).toContainText("1 connection from unit 7 to unit 3 is cut throughout the trial.");
  await expect(bar).toContainText("correct with the lesion");
  await expect(page.locator(".label")).toHaveText(/^from unit 7 to unit 3: .*, cut$/);
  await expect(page.getByText("Hatched: 1 connection cut by the lesion.")).toBeVisible();
  await expect(
    page.locator("section").filter({ hasText: "What does it do?" }).locator(".summary"),
  ).toContainText("with the lesion");

  await page.mouse.click(...(await view.place(3, 7)));
  await expect(bar).toContainText("Nothing is silent and nothing is cut.");
  const drag = async (from: [number, number], to: [number, number]) => {
    await page.mouse.move(...(await view.place(...from)));
    await page.mouse.down();
    await page.mouse.move(...(await view.place(...to)), { steps: 3 });
    await page.mouse.up();
  };
  await drag([2, 4], [5, 6]);
  await expect(bar).toContainText("12 connections from units 4–6 to units 2–5 are cut");
  await expect(page.getByText("12 connections chosen, all of them cut.")).toBeVisible();
  await drag([5, 5], [5, 6]);
  await expect(bar).toContainText("10 of 100 recurrent connections are cut");

  // In a window they are cut for that time, and the map shows them as before.
  await bar.getByLabel("from", { exact: true }).fill("200");
  await bar.getByLabel("from", { exact: true }).press("Enter");
  await expect(bar).toContainText("are cut from 200\u202fms to 600\u202fms.");
  await page.mouse.click(...(await view.place(9, 9)));
  await expect(bar).toContainText("11 of 100 recurrent connections are cut from 200\u202fms");
  await expect(
    page.getByText("Hatched: 11 connections cut by the lesion, from 200\u202fms to 600\u202fms."),
  ).toBeVisible();
  await expect(page.getByText("The connection is cut from 200\u202fms to 600\u202fms.")).toBeVisible();
  await expect(page.locator(".label")).toHaveText(/, cut from 200\u202fms to 600\u202fms$/);

  // The network keeps its weights; what a click does is edited again.
  expect(await view.lab.weights()).toBe(before);
  await view.button("Edit").click();
  await page.mouse.click(...(await view.place(0, 0)));
  await expect(view.input("Value")).toBeVisible();
  await expect(bar).toContainText("11 of 100");
  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(
    page.getByText("Hatched: 11 connections cut by the lesion, from 200\u202fms to 600\u202fms."),
  ).toBeVisible();
});

test("connections are cut and mended without a mouse", async ({ page }) => {
  const view = new WeightsView(page);
  await view.open(constrained);
  const bar = page.getByRole("region", { name: "Lesion" });
  await view.button("Cut").focus();
  await page.keyboard.press("Enter");
  await view.grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await expect(bar).toContainText("1 connection from unit 0 to unit 1 is cut");
  await expect(view.cell).toHaveText(/^from unit 0 \(excitatory\) to unit 1: .*, cut$/);
  // No unit drives itself: of four places two are connections.
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(page.getByText("2 connections chosen, 1 of them cut.")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(view.button("Cut what is chosen")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(bar).toContainText("2 of 100 recurrent connections are cut");
  await expect(view.button("Mend what is chosen")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(bar).toContainText("nothing is cut");
  const fields = page.getByRole("group", { name: "Cut connections of W_rec" });
  await fields.getByRole("textbox", { name: "From units" }).fill("0");
  await fields.getByRole("textbox", { name: "To units" }).fill("0");
  await expect(page.getByText("There is no connection here that could be cut.")).toBeVisible();
  await expect(view.button("Cut what is chosen")).toBeDisabled();
  // Another matrix has nothing to cut.
  await page.getByRole("combobox", { name: "Matrix" }).selectOption("W_in");
  await expect(view.button("Cut")).toHaveCount(0);
  await expect(page.getByText("Connections are cut in W_rec only: set these to 0 instead.")).toBeVisible();
  await expect(view.input("Value")).toBeVisible();
});

test("no weight is edited while the network trains", async ({ page }) => {
  const view = new WeightsView(page);
  await view.open({ ...plain, training: { iterations: 100_000 } });
  await view.lab.train.click();
  await expect(view.button("Set to zero")).toBeDisabled();
  await expect(page.getByText("Pause first: weights are not edited while the network trains.")).toBeVisible();
  await view.lab.pause.click();
  await expect(view.button("Set to zero")).toBeEnabled();
});

test("the spectrum says the radius that its table has", async ({ page }) => {
  const view = new WeightsView(page);
  await view.open(plain);
  await view.lab.trainToTheEnd();
  await view.atRest();
  const sentence = page.getByText(/^Spectral radius of the effective W_rec: .* now, .* before training/);
  await expect(sentence).toBeVisible();
  const [, radius] = /W_rec: ([\d.]+) now/.exec(await sentence.innerText()) ?? [];
  const rows = await view.lab.numbersOf("Spectrum of W_rec");
  expect(rows).toHaveLength(20);
  expect(rows[0]?.[0]).toBe("now");
  expect(rows[0]?.[3]).toBe(radius);
});

test("an LSTM has its gates, and no spectrum", async ({ page }) => {
  const view = new WeightsView(page);
  await view.open({ ...plain, network: { type: "LSTM", N_rec: 6 } });
  await expect(page.getByText("This network has no recurrent matrix of its own").first()).toBeVisible();
  const matrix = page.getByRole("combobox", { name: "Matrix" });
  await matrix.selectOption("W_f");
  await view.grid.focus();
  await page.keyboard.press("Control+End");
  await expect(view.cell).toHaveText(/^from input 2 to unit 5: /);
  await matrix.selectOption("b_i");
  await expect(view.grid).toHaveAttribute("aria-rowcount", "1");
  await expect(view.cell).toHaveText(/^unit 0: /);
  await expect(view.input("Units")).toHaveValue("0");
  await view.input("Units").fill("all");
  await view.input("Value").fill("1");
  await view.button("Set").click();
  await expect(page.getByText("6 weights of b_i set to 1.")).toBeVisible();
});

test.describe("on a screen that is touched", () => {
  test.use({ hasTouch: true });

  test("the view has no accessibility violations, fits a phone, and a block is chosen by two taps", async ({
    page,
  }) => {
    const view = new WeightsView(page);
    await view.open(constrained);
    await page.mouse.move(...(await view.place(3, 3)));
    await view.input("To units").fill("40");
    await expectNoViolations(page, "main");
    await view.button("Cut").click();
    await page.mouse.click(...(await view.place(3, 6)));
    await expect(page.getByText("Hatched: 1 connection cut by the lesion.")).toBeVisible();
    await expectNoViolations(page, "main");
    await view.button("Edit").click();
    await page.setViewportSize({ width: 390, height: 844 });
    await view.button("Tap two corners").tap();
    await expect(page.getByText("Tap a corner of a block on the map, then the opposite one.")).toBeVisible();
    // Not under the buttons, which stay in reach.
    await view.grid.evaluate((map) => {
      map.scrollIntoView({ block: "center" });
    });
    // What is told of a weight is whole, wherever it stands.
    await page.mouse.move(...(await view.place(3, 5)));
    const label = page.locator(".label");
    await expect
      .poll(() =>
        label.evaluate((told) => {
          const [own, frame] = [told, told.parentElement].map((one) => one?.getBoundingClientRect());
          return own && frame && own.width > 0 && own.left >= frame.left && own.right <= frame.right;
        }),
      )
      .toBe(true);
    await page.touchscreen.tap(...(await view.place(5, 6)));
    await expect(page.getByText("Tap the opposite corner of the block.")).toBeVisible();
    await page.touchscreen.tap(...(await view.place(2, 4)));
    await expect(view.input("From units")).toHaveValue("5–7");
    await expect(view.input("To units")).toHaveValue("3–6");
    await view.input("To units").fill("4");
    await view.input("Value").fill("0.1");
    await view.input("Value").press("Enter");
    await expect(page.getByText(/set to 0\.1/)).toBeVisible();
    await view.atRest();
    await expectNoViolations(page, "main");
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });
});
