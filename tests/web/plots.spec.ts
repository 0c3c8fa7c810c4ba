import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { Laboratory } from "./laboratory";

async function saved(page: Page, plot: string, item: string): Promise<string> {
  await page.getByRole("button", { name: `Save ${plot}` }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: item }).click();
  return readFileSync(await (await download).path(), "utf8");
}

test("a heat map tells the weights of now, however they were drawn", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.askFor(40);
  await lab.trainToTheEnd();
  const rows = (await saved(page, "W_rec", "Numbers (CSV)")).split("\n");
  const map = page.locator("section").filter({ hasText: "What is inside?" }).locator(".drawing");
  await map.hover();
  const label = map.locator(".hoverlayer .hovertext");
  // The label may stand there before the plot has been told the last weights.
  await expect(async () => {
    const text = (await label.textContent())?.replace("−", "-") ?? "";
    expect(text).toMatch(/^from \d+ to \d+: /);
    const [, from, to, weight] = /^from (\d+) to (\d+): (.+)/.exec(text) ?? [];
    const cell = rows[1 + Number(to)]?.split(",")[1 + Number(from)];
    expect(Number(weight).toPrecision(3)).toBe(Number(cell).toPrecision(3));
  }).toPass();
});

test("a saved drawing has the colour bar that stands beside the plot", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await expect(page.locator(".bar .title", { hasText: "Weight" })).toBeVisible();
  const drawing = await saved(page, "W_rec", "Drawing (SVG)");
  expect(drawing).toContain("Weight");
  expect(drawing).toContain("colorbar");
});

test("a plot that a reader has zoomed stays so while the network trains", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const plot = page.locator("section").filter({ hasText: "What does it do?" }).locator(".drawing");
  const area = await plot.boundingBox();
  if (!area) throw new Error("The plot has no place.");
  const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
  await page.mouse.move(x, y + 40);
  await page.mouse.down();
  await page.mouse.move(x + 80, y + 42, { steps: 4 });
  await page.mouse.up();
  const ticks = plot.locator(".xaxislayer-above .xtick");
  await expect(ticks.filter({ hasText: /^0$/ })).toHaveCount(0);
  const zoomed = await ticks.allTextContents();
  await page.mouse.move(0, 0);
  await lab.askFor(40);
  await lab.trainToTheEnd();
  expect(await ticks.allTextContents()).toEqual(zoomed);
});

test("the title of the loss stays clear of its labels, which grow longer as it falls", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.field("Learning rate").fill("0.02");
  await lab.askFor(150);
  await lab.trainToTheEnd();
  await lab.settled();
  const plot = page.locator("section").filter({ hasText: "Is it learning?" }).locator(".drawing");
  const labels = plot.locator(".yaxislayer-above .ytick text");
  await expect(labels.filter({ hasText: "0.05" })).toHaveCount(1);
  const title = await plot.locator("text.ytitle").boundingBox();
  const lefts = await labels.evaluateAll((all) => all.map((label) => label.getBoundingClientRect().left));
  expect((title?.x ?? NaN) + (title?.width ?? NaN)).toBeLessThan(Math.min(...lefts) - 2);
});

test("what is drawn number by number looks as if it were drawn at once", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await page.getByText("Log loss", { exact: true }).click();
  await page.getByText("Traces", { exact: true }).click();
  await lab.askFor(60);
  await lab.trainToTheEnd();
  const drawn = () =>
    page.locator(".scatterlayer .trace").evaluateAll((traces) =>
      traces.map((trace) => ({
        lines: [...trace.querySelectorAll(".js-line")].map((line) => line.getAttribute("d") ?? ""),
        places: [...trace.querySelectorAll(".js-fill, .point, text")].map((part) =>
          ["d", "transform", "x", "y"].map((name) => part.getAttribute(name)).join(" "),
        ),
      })),
    );
  const heights = () =>
    page
      .locator(".main-svg")
      .evaluateAll((drawings) => drawings.map((drawing) => Number(drawing.getAttribute("height"))));
  await lab.settled();
  // Every trace has its name.
  await expect(page.locator(".annotation").filter({ hasText: /unit \d/ })).toHaveCount(
    await page
      .locator("section")
      .filter({ hasText: "What do its units do?" })
      .locator(".scatterlayer .trace")
      .count(),
  );
  const [before, tall] = [await drawn(), await heights()];
  expect(before.length).toBeGreaterThan(15);
  // Another size draws everything anew.
  await page.setViewportSize({ width: 1440, height: 1000 });
  await expect
    .poll(async () => (await heights()).every((height, index) => height !== tall[index]))
    .toBe(true);
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect.poll(heights).toEqual(tall);
  await lab.settled();
  const after = await drawn();
  expect(after.map(({ places }) => places)).toEqual(before.map(({ places }) => places));
  // Plotly leaves out points that are less than 0.75 pixels from the line without them.
  for (const [index, { lines }] of after.entries())
    expect(distance(pieces(lines), pieces(before[index]?.lines ?? []))).toBeLessThan(0.8);
});

type Point = [number, number];

/** The straight pieces of paths. */
function pieces(paths: string[]): [Point, Point][] {
  return paths.flatMap((path) => {
    const found: [Point, Point][] = [];
    let from: Point = [0, 0];
    for (const [, command, numbers = ""] of path.matchAll(/([MLHVZ])([^A-Z]*)/g)) {
      const [first = 0, second = 0] = numbers.split(",").map(Number);
      const at: Point =
        command === "H" ? [first, from[1]] : command === "V" ? [from[0], first] : [first, second];
      if (command !== "M" && command !== "Z") found.push([from, at]);
      from = at;
    }
    return found;
  });
}

/** How far, in pixels, the ends of any piece of one are from all pieces of the other. */
function distance(one: [Point, Point][], other: [Point, Point][]): number {
  const farthest = (from: [Point, Point][], to: [Point, Point][]) =>
    Math.max(0, ...from.flat().map((point) => Math.min(...to.map((piece) => toPiece(point, piece)))));
  return Math.max(farthest(one, other), farthest(other, one));
}

function toPiece([x, y]: Point, [[x0, y0], [x1, y1]]: [Point, Point]): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}
