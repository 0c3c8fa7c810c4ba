import { expect, test, type FrameLocator, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expectNoViolations } from "./laboratory";

const example = readFileSync(
  fileURLToPath(new URL("../../examples/embed/index.html", import.meta.url)),
  "utf8",
);

/** A page of somebody else's, on another origin and without any header. */
async function foreign(html: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

async function visit(page: Page, html: string): Promise<() => void> {
  const server = await foreign(html);
  await page.goto(server.url);
  return server.close;
}

/** The example page, with the page under test in the place of its address. */
function lesson(baseURL: string | undefined): string {
  return example.replaceAll("http://localhost:8080/", baseURL ?? "");
}

test("the element shows a network at work in a foreign page", async ({ page, baseURL, context }) => {
  const close = await visit(page, lesson(baseURL));
  const model = page.frameLocator('iframe[title="Hello World, trained"]');
  await expect(model.getByRole("heading", { level: 1 })).toHaveText("A trained network: Hello World");
  await expect(model.getByRole("status").first()).toContainText(/right in 9\d\.\d\s% of 1,000 fresh trials/);
  await expect(model.locator('[data-drawn="true"]')).toHaveCount(1);
  await model.getByRole("button", { name: "Pause the trial" }).click();
  await expect(model.getByRole("button", { name: "Play the trial" })).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);

  // A recipe is trained on the spot, in one thread.
  const small = page.frameLocator('iframe[title="A small network to train"]');
  await small.getByRole("button", { name: "Train it again" }).click();
  await expect(small.getByText(/The same network to the last bit|Another network/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(small.getByText("The same network to the last bit: 8b7642b8e2d4303b")).toBeVisible();

  const opened = context.waitForEvent("page");
  await small.getByRole("link", { name: "Open in Nullcline" }).click();
  await expect((await opened).locator("#link-title")).toHaveText("An experiment to train: A small network");
  close();
});

/** The element as a slide has it, in as many pixels as it is given. */
function slide(baseURL: string | undefined, [width, height]: [number, number]): string {
  const source = /src="(#m\d+=[^"]+)"/.exec(example)?.[1] ?? "";
  const size = `width:${width}px;height:${height}px`;
  return `<!doctype html><html lang="en"><title>Slide</title><main><h1>Slide</h1>
    <script src="${baseURL ?? ""}nullcline-model.js"></script>
    <nullcline-model src="${source}" style="${size}"></nullcline-model></main></html>`;
}

interface Box {
  text: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Whatever is written in a plot, and where; glyphs do not fill their boxes, so that a pixel does no harm. */
async function writtenIn(model: FrameLocator): Promise<{ area: Box; texts: Box[] }> {
  return model.locator(".drawing").evaluate((drawing) => {
    const box = (element: Element): Box => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { text: element.textContent, left, top, right, bottom };
    };
    const texts = [...drawing.querySelectorAll("svg text")].filter((text) => text.textContent.trim() !== "");
    return { area: box(drawing), texts: texts.map(box) };
  });
}

/** Whether the drawing has the size of its place, and stays so. */
async function isDrawnToSize(model: FrameLocator): Promise<boolean> {
  return model.locator(".drawing").evaluate(async (drawing) => {
    for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    const svg = drawing.querySelector("svg.main-svg")?.getBoundingClientRect();
    const place = drawing.getBoundingClientRect();
    return (
      svg !== undefined &&
      Math.abs(svg.width - place.width) < 1 &&
      Math.abs(svg.height - place.height) < 1 &&
      Math.abs(place.width - document.documentElement.clientWidth) < 80
    );
  });
}

function overlapping(boxes: Box[]): string[] {
  return boxes.flatMap((one, at) =>
    boxes
      .slice(at + 1)
      .filter(
        (other) =>
          Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
          Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1,
      )
      .map((other) => `${one.text} on ${other.text}`),
  );
}

const sizes: [number, number][] = [
  [340, 420],
  [340, 300],
  [480, 320],
  [480, 350], // its plot is as low as one with two panels can be, or nearly
  [640, 360],
  [960, 540],
  [300, 160],
];

test("its plot can be read at the sizes that slides and pages give it", async ({ page, baseURL }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const close = await visit(page, slide(baseURL, sizes[0] ?? [0, 0]));
  const model = page.frameLocator("iframe");
  await expect(model.getByRole("status").first()).toContainText("fresh trials");
  for (const [width, height] of sizes) {
    const named = `${width} by ${height}`;
    // A slide that is shown larger gives the element another size, and the plot follows.
    await page.locator("nullcline-model").evaluate(
      (element: HTMLElement, [width, height]) => {
        Object.assign(element.style, { width: `${width}px`, height: `${height}px` });
      },
      [width, height] as const,
    );
    await expect(model.locator('[data-drawn="true"]')).toHaveCount(1);
    await expect.poll(() => isDrawnToSize(model), named).toBe(true);
    const { area, texts } = await writtenIn(model);
    expect(overlapping(texts), named).toEqual([]);
    expect(area.bottom - area.top, named).toBeGreaterThan(150);
    for (const { text, left, top, right, bottom } of texts) {
      expect(Math.min(left - area.left, top - area.top), `${text} in ${named}`).toBeGreaterThan(-1);
      expect(Math.min(area.right - right, area.bottom - bottom), `${text} in ${named}`).toBeGreaterThan(-1);
    }
    const written = texts.map(({ text }) => text);
    expect(written, named).toEqual(expect.arrayContaining(["Output", "Time (ms)", "loss mask", "0"]));
    // Nothing is cut off at the sides, and only what is lower than a plot can be is scrolled.
    const beyond = await model.locator("html").evaluate((root) => ({
      wide: root.scrollWidth - root.clientWidth,
      high: root.scrollHeight - root.clientHeight,
    }));
    expect(beyond.wide, named).toBe(0);
    if (height >= 300) expect(beyond.high, named).toBe(0);
    await expect(model.getByRole("button", { name: "Play the trial" })).toBeVisible();
    if (height === 300) await expectNoViolations(page);
  }
  close();
});

test("the element follows its attributes and says what it needs", async ({ page, baseURL }) => {
  const close = await visit(
    page,
    `<!doctype html><html lang="en"><title>Slide</title><main><h1>Slide</h1>
     <script type="module" src="${baseURL ?? ""}nullcline-model.js"></script>
     <nullcline-model title="Model"></nullcline-model></main></html>`,
  );
  await expect(page.getByText("shows nothing yet")).toBeVisible();
  await page.evaluate(() => document.querySelector("nullcline-model")?.setAttribute("src", "#m1=AAAA"));
  const model = page.frameLocator('iframe[title="Model"]');
  await expect(model.getByText("This link is cut:")).toBeVisible();
  // Models that cannot be told apart are no trouble to whoever goes from landmark to landmark.
  await page.evaluate(() => {
    const another = document.createElement("nullcline-model");
    another.setAttribute("src", "#m1=AAAA");
    another.title = "Another";
    document.querySelector("main")?.append(another);
  });
  const another = page.frameLocator('iframe[title="Another"]');
  await expect(another.getByText("This link is cut:")).toBeVisible();
  await expectNoViolations(page);
  await page.evaluate(() => {
    const element = document.querySelector("nullcline-model");
    element?.removeAttribute("src");
    element?.setAttribute("model", "https://models.test/run.npz");
  });
  await expect(model.getByRole("dialog", { name: "Fetch a model from models.test?" })).toBeVisible();
  close();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("has no accessibility violations on a phone", async ({ page, baseURL }) => {
    const close = await visit(page, lesson(baseURL));
    const model = page.frameLocator('iframe[title="Hello World, trained"]');
    await expect(model.locator('[data-drawn="true"]')).toHaveCount(1);
    await expect(model.getByRole("status").first()).toContainText("fresh trials");
    await page.locator("nullcline-model").last().scrollIntoViewIfNeeded();
    const small = page.frameLocator('iframe[title="A small network to train"]');
    await expect(small.getByRole("heading", { name: /^Trial \d+ of 16$/ })).toBeVisible();
    await expectNoViolations(page);
    close();
  });
});
