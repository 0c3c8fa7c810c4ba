import { expect, test, type Page } from "@playwright/test";
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
    await expectNoViolations(page);
    close();
  });
});
