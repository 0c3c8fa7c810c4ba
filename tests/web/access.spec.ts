import { expect, test } from "@playwright/test";
import { expectNoViolations, Laboratory } from "./laboratory";

test("has no accessibility violations, at rest, in trouble and after training", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
  }
  await expectNoViolations(page);

  for (const more of await page.locator("details.more > summary").all()) await more.click();
  await page.getByRole("button", { name: "Help on Time constant", exact: true }).click();
  await lab.field("Time step").fill("-5");
  await expect(lab.field("Time step")).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("button", { name: "Settings" }).click();
  await expectNoViolations(page);

  await lab.field("Time step").fill("10");
  await lab.askFor(5);
  await lab.trainToTheEnd();
  await page.getByRole("button", { name: "Numbers of Learning curve" }).click();
  await page.getByRole("button", { name: "Why this build" }).click();
  await lab.field("Units").fill("20");
  await expect(page.getByRole("button", { name: "Keep the trained one" })).toBeVisible();
  await expectNoViolations(page);
});

test("everything can be done without a mouse", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.askFor(391);

  // Space trains and pauses as long as no control wants it.
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  await page.keyboard.press("Space");
  await expect(lab.pause).toBeVisible();
  await expect.poll(() => lab.iteration()).toBeGreaterThan(0);
  await page.keyboard.press("Space");
  await expect(page.locator(".pace")).toHaveText("paused");

  const tabTo = async (name: string | RegExp, role: "button" | "spinbutton" | "combobox") => {
    const target = page.getByRole(role, { name, exact: true });
    for (let press = 0; press < 80; press++) {
      if (await target.evaluate((element) => element === document.activeElement)) return target;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${String(name)} cannot be reached with the Tab key.`);
  };

  // On a button Space presses the button, once.
  await tabTo("Reset", "button");
  await page.keyboard.press("Space");
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "0");
  await expect(lab.train).toBeVisible();

  await tabTo("Time step Δt", "spinbutton");
  await page.keyboard.press("ArrowUp");
  await expect(lab.field("Time step")).toHaveValue("11");
  await page.keyboard.press("ArrowDown");
  await expect(lab.field("Time step")).toHaveValue("10");

  await tabTo("Help on Time constant", "button");
  await page.keyboard.press("Enter");
  await expect(page.locator("#field-task-tau-help")).toBeVisible();

  await tabTo("Next trial", "button");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Trial 2 of 16" })).toBeVisible();

  await tabTo("Numbers of Trial 2", "button");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Numbers of Trial 2" })).toBeVisible();

  await tabTo("Settings", "button");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowUp");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("group", { name: "Theme" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Settings" })).toBeFocused();
});

test("stands within its frame: no view scrolls the page away, and the tabs do not scroll", async ({
  page,
}) => {
  const lab = new Laboratory(page);
  await lab.open();
  for (const view of ["Activity", "Weights", "Behaviour", "Overview"]) {
    await page.getByRole("tab", { name: view }).click();
    const [scrolled, tabs] = await page.evaluate(() => {
      const beyond = (element: Element) => element.scrollHeight - element.clientHeight;
      return [document.documentElement, ...document.querySelectorAll('[role="tablist"]')].map(beyond);
    });
    expect([scrolled, tabs]).toEqual([0, 0]);
  }
});

test("the head of the page cuts nothing and has at most two rows, at any width and at 200 % zoom", async ({
  page,
}) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.askFor(5000);
  /** What stands in the head with less room than it needs, beyond its edge, or over something else. */
  const wrong = () =>
    page.locator("header.top").evaluate((head) => {
      const shown = [
        ...head.querySelectorAll<HTMLElement>(":scope > h1, button, .where, .stage, .pace, .reason"),
      ]
        .filter((element) => element.checkVisibility() && !element.closest("dialog, .items"))
        .map((element) => ({ element, box: element.getBoundingClientRect() }));
      const cut = shown.filter(
        ({ element, box }) =>
          element.scrollWidth > element.clientWidth + 1 ||
          box.left < 0 ||
          box.right > document.documentElement.clientWidth + 0.5,
      );
      const covered = shown.filter(({ element, box }) =>
        shown.some(
          (other) =>
            !element.contains(other.element) &&
            !other.element.contains(element) &&
            box.left < other.box.right - 1 &&
            other.box.left < box.right - 1 &&
            box.top < other.box.bottom - 1 &&
            other.box.top < box.bottom - 1,
        ),
      );
      return [...cut, ...covered].map(({ element }) => element.textContent.trim());
    });
  const rows = () =>
    page.locator("header.top").evaluate((head) => {
      const middles = [...head.children]
        .filter((element) => element.checkVisibility() && !element.matches("dialog, .unseen"))
        .map((element) => element.getBoundingClientRect())
        .map(({ top, height }) => top + height / 2)
        .sort((a, b) => a - b);
      return middles.filter((middle, index) => index === 0 || middle - (middles[index - 1] ?? 0) > 12).length;
    });
  // 720 is 1440 at 200 %.
  for (const width of [390, 720, 768, 861, 1024, 1301, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(lab.train).toBeVisible();
    expect([width, await wrong(), (await rows()) <= 2]).toEqual([width, [], true]);
    await lab.train.click();
    await expect(page.locator(".pace")).toContainText(/trials\/s · .* left$/);
    expect([width, await wrong(), (await rows()) <= 2]).toEqual([width, [], true]);
    await lab.pause.click();
    await expect(page.locator(".pace")).toHaveText("paused");
  }
});

test("the name of an experiment has its part of the room in the head", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const name = page.getByRole("textbox", { name: "Name of the experiment" });
  const isWhole = () => name.evaluate((field) => field.scrollWidth <= field.clientWidth);
  await name.fill("Perceptual discrimination");
  for (const width of [1366, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect([width, await isWhole()]).toEqual([width, true]);
  }
  await name.fill("Perceptual discrimination, Basic, 50 units");
  await page.setViewportSize({ width: 1600, height: 900 });
  expect(await isWhole()).toBe(true);
});

test("fits a phone, and trains there", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new Laboratory(page);
  await lab.open();
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  await expect(lab.train).toBeInViewport();
  await expect(lab.field("Units")).toBeHidden();
  await page.getByRole("button", { name: "Experiment" }).click();
  await expect(lab.field("Units")).toBeVisible();
  for (const more of await page.locator("details.more > summary").all()) await more.click();
  await lab.askFor(5);
  expect(await overflow()).toBe(0);
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Experiment" }).click();
  await lab.trainToTheEnd();
  expect(await overflow()).toBe(0);
});

test("the theme can be chosen and is kept", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await lab.open();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
