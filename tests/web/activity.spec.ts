import { expect, test } from "@playwright/test";
import { Laboratory } from "./laboratory";

test("units are looked at in several orders, by condition and for their tuning", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.askFor(40);
  await lab.trainToTheEnd();
  await page.getByRole("tab", { name: "Activity" }).click();
  await expect(page.locator("main")).toHaveAttribute("aria-busy", "false");
  const activity = page.locator("section").filter({ hasText: "What do its units do?" });
  const tuning = page.locator("section").filter({ hasText: "What is it tuned to?" });
  const conditions = page.locator("section").filter({ hasText: "What do they tell apart?" });

  const order = page.getByRole("combobox", { name: "Sorted by" });
  await order.selectOption("selectivity");
  await expect(activity.locator(".summary")).toContainText("Sorted by selectivity.");
  const height = async () => (await activity.locator(".area").boundingBox())?.height;
  const before = await height();
  await activity.getByRole("button", { name: "Help on Unit activity" }).click();
  await expect(activity).toContainText("less that on trials that ask for the first");
  // Help lies over the plot and takes nothing from it.
  expect(await height()).toBe(before);
  await activity.getByRole("button", { name: "Help on Unit activity" }).click();
  await expect(order.getByRole("option", { name: "type (needs Dale’s law)" })).toBeDisabled();
  const selectivities = (await lab.numbersOf("Unit activity")).map((row) =>
    Number(row.at(-1)?.replace("−", "-")),
  );
  expect(selectivities).toEqual([...selectivities].sort((a, b) => b - a));
  const rates = page.getByRole("combobox", { name: "Rates of" });
  await rates.selectOption({ label: "mean of 240 trials" });
  await expect(activity.locator(".summary")).toContainText("respond in the mean of 240 fresh trials");

  await page.getByRole("textbox", { name: "Units chosen" }).fill("5, 6");
  await expect(conditions.locator(".summary")).toContainText(
    "Mean rate of unit 5, unit 6 by signed coherence on 240 fresh trials",
  );
  // What is chosen is marked beside the map, of which nothing is covered.
  const map = await activity.locator(".layer .frame").boundingBox();
  const marks = activity.locator(".layer .chosen");
  await expect(marks).not.toHaveCount(0);
  for (const mark of await marks.all())
    expect((await mark.boundingBox())?.x).toBeGreaterThanOrEqual((map?.x ?? NaN) + (map?.width ?? NaN));
  // Each has its number beside its row; the ticks of an axis by number make way for it.
  const chosen = page.getByRole("textbox", { name: "Units chosen" });
  const numbers = activity.locator(".layer .number");
  const ticks = activity.locator(".yaxislayer-above .ytick text");
  await order.selectOption("number");
  await chosen.fill("19, 20, 21, 40");
  await expect(numbers).toHaveText(["19", "20", "21", "40"]);
  await expect(ticks).toHaveText([/^\s*$/, "30", /^\s*$/, "10", "0"]);
  const tops = await numbers.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  tops.slice(1).forEach((top, index) => {
    expect(top - (tops[index] ?? NaN)).toBeGreaterThan(12);
  });
  await chosen.fill("5, 6");
  await expect(numbers).toHaveText(["5", "6"]);
  await expect(ticks.first()).toHaveText("40");
  await conditions.getByRole("button", { name: "Deviation" }).click();
  await expect(conditions.locator(".summary")).toContainText("standard deviation");
  await expect(tuning.locator(".summary")).toContainText("Unit 5: mean rate in the stimulus");
  await tuning.getByRole("button", { name: "Next unit" }).click();
  await expect(tuning.locator(".summary")).toContainText("Unit 6: ");
  await page.getByRole("combobox", { name: "Conditions by" }).selectOption("direction");
  await expect(tuning.locator(".summary")).toContainText("against right output");
  expect((await lab.numbersOf("Tuning")).map(([name]) => name)).toEqual(["1", "2"]);
  await page.getByRole("combobox", { name: "Mean rates in" }).selectOption("response");
  await expect(tuning.locator(".summary")).toContainText("in the response (");
});

test("types of units have their strip and their order under Dale's law", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await page.getByRole("combobox", { name: "Dale's ratio" }).selectOption("share of excitatory units");
  await page.getByRole("tab", { name: "Activity" }).click();
  const order = page.getByRole("combobox", { name: "Sorted by" });
  await order.selectOption("type");
  const types = (await lab.numbersOf("Unit activity")).map((row) => row[4]);
  expect(types).toContain("inhibitory");
  expect(types.lastIndexOf("excitatory")).toBeLessThan(types.indexOf("inhibitory"));
});

test("all of it stands on a narrow page", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new Laboratory(page);
  await page.goto("./?new");
  await expect(lab.headline).toContainText("learned nothing yet");
  await page.getByRole("tab", { name: "Activity" }).click();
  await page.getByRole("textbox", { name: "Units chosen" }).fill("5");
  await page.getByRole("button", { name: "Silence unit 5" }).click();
  await expect(page.getByRole("region", { name: "Lesion" })).toContainText("Unit 5 is silent");
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});
