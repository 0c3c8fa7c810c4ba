import { expect, test, type Browser, type Locator, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { load } from "nullcline";
import { encodeLink } from "nullcline/links";
import { expectNoViolations, Laboratory } from "./laboratory";

/** The share dialog, as a person sees it. */
class ShareDialog {
  readonly opener: Locator;
  readonly dialog: Locator;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.opener = page.getByRole("button", { name: "Share", exact: true });
    this.dialog = page.getByRole("dialog", { name: /^Share/ });
  }

  async show(): Promise<void> {
    await this.opener.click();
    await expect(this.dialog).toBeVisible();
  }

  link(of: string): Locator {
    return this.dialog.getByRole("textbox", { name: `Link of ${of}` });
  }

  /** Opens a link as somebody else does, who never was here. */
  async sendTo(browser: Browser, of: string): Promise<Page> {
    const link = await this.link(of).inputValue();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(link);
    return page;
  }
}

/** The page of a link. */
class LinkPage {
  readonly heading: Locator;
  readonly standing: Locator;
  readonly trainAgain: Locator;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.locator("#link-title");
    this.standing = page.locator(".standing");
    this.trainAgain = page.getByRole("button", { name: "Train it again" });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async settled(): Promise<void> {
    await expect(this.standing).toContainText("fresh trials");
    await new Laboratory(this.page).settled();
  }
}

/** An entry of the browser's that its types do not know. */
type LayoutShift = PerformanceEntry & { value: number; hadRecentInput: boolean };

/** A small network, trained for a moment. */
async function trained(page: Page, iterations = 3): Promise<Laboratory> {
  const lab = new Laboratory(page);
  await lab.open();
  await page.getByRole("textbox", { name: "Name of the experiment" }).fill("Small");
  await lab.field("Units").fill("12");
  await lab.askFor(iterations);
  await lab.trainToTheEnd();
  return lab;
}

function numbers(rows: string[][]): number[] {
  return rows.flat().map((cell) => Number(cell.replace("−", "-")));
}

test("who comes without a link sees a trained network at work, and can start an own one", async ({
  page,
}) => {
  await page.goto("./");
  const link = new LinkPage(page);
  await expect(link.heading).toHaveText("A trained network at work");
  await expect(link.standing).toContainText(
    /After 391 iterations of training it is right in 9\d\.\d\s% of 1,000/,
  );
  await link.settled();
  await expect(page.locator(".ahead.veiled")).toBeVisible();
  await link.button("Pause the trial").click();
  await expect(link.button("Play the trial")).toBeVisible();
  await expect(page.getByRole("img", { name: /Output 2 chosen in .* midpoint/ })).toBeVisible();
  // Its sentence has the room that was kept for it: the plot was not cut when it came.
  const grown = await page
    .getByRole("region", { name: "Psychometric curve", exact: true })
    .locator(".foot")
    .evaluate((foot) => foot.getBoundingClientRect().height - parseFloat(getComputedStyle(foot).minHeight));
  expect(grown).toBe(0);

  // A lesion is answered on the spot.
  await link.button("Lesion").click();
  await page.getByRole("textbox", { name: "Silent units" }).fill("0-24");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Lesion" })).toContainText("Units 0–24 are silent");
  await expect(page.getByRole("img", { name: /with the lesion the network/ })).toBeVisible();

  await link.button("Start your own").click();
  await expect(new Laboratory(page).headline).toContainText("learned nothing yet");
  await expect(page.getByRole("button", { name: "Train", exact: true })).toBeEnabled();
  await page.reload();
  await expect(link.heading).toHaveText("A trained network at work");
});

test("the example is changed and trained in the workbench", async ({ page }) => {
  await page.goto("./");
  const link = new LinkPage(page);
  const lab = new Laboratory(page);
  await link.settled();
  await link.button("Change").click();
  await expect(link.heading).toBeHidden();
  await expect(lab.field("Units")).toHaveValue("50");
  await expect(lab.headline).toContainText("With the weights it was given, this network is 9");
  await lab.train.click();
  await expect.poll(() => lab.iteration()).toBeGreaterThan(0);
  await lab.pause.click();
  await expect(lab.headline).toContainText("at iteration");
});

test("a recipe trains to the same bits in another browser", async ({ page, browser }) => {
  const lab = await trained(page);
  const hash = await lab.weights();
  const share = new ShareDialog(page);
  await share.show();
  const length = (await share.link("the recipe").inputValue()).length;
  expect(length).toBeLessThan(400);
  await expect(share.dialog).toContainText(`${length} characters`);
  await expect(share.dialog).toContainText("Short enough for everything");

  const other = await share.sendTo(browser, "the recipe");
  const link = new LinkPage(other);
  await expect(link.heading).toHaveText("An experiment to train: Small");
  await expect(link.standing).toContainText("Untrained as yet");
  await expect(other.locator(".proof")).toContainText(hash);
  await expect(link.trainAgain).toBeEnabled();
  await link.trainAgain.focus();
  await other.keyboard.press("Enter");
  await expect(other.locator(".proof")).toContainText(
    `The same network to the last bit: ${hash}, after 3 iterations.`,
  );
  await expect(new Laboratory(other).hash).toHaveText(hash);
  await other.context().close();
});

test("a recipe of a run that was made longer trains to the end of that run", async ({ page }) => {
  const document = {
    nullcline: 1,
    name: "Longer",
    task: { type: "PerceptualDiscrimination", T: 400, dt: 20, N_batch: 4 },
    network: { type: "Basic", N_rec: 5 },
    training: { iterations: 5 },
  };
  const engine = await load({ threads: 1 });
  const session = engine.open(document);
  session.step({ iterations: 5 });
  session.extend(45);
  const { iteration, state } = session.step({ iterations: 45 });
  expect([iteration, state]).toEqual([50, "finished"]);
  const hash = session.hash();
  const { arithmetic, numerics: numericsVersion } = engine.build;
  const fragment = await encodeLink({
    kind: "recipe",
    document,
    iteration,
    hash,
    arithmetic,
    numericsVersion,
  });
  session[Symbol.dispose]();
  engine[Symbol.dispose]();

  await page.goto(`./#${fragment}`);
  const link = new LinkPage(page);
  await expect(page.locator(".proof")).toContainText("Trained again for 50 iterations");
  await link.trainAgain.click();
  await expect(page.locator(".proof")).toContainText(
    `The same network to the last bit: ${hash}, after 50 iterations.`,
  );
  await expect(link.trainAgain).toBeHidden();
});

/** Holds back what a page asks of an address until it is let go. */
async function heldBack(page: Page, address: RegExp): Promise<() => void> {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(address, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}

/** From now on, by how much what is seen moves without having been asked to. */
async function layoutShift(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    let total = 0;
    const add = (entries: PerformanceEntryList) => {
      for (const { value, hadRecentInput } of entries as LayoutShift[]) total += hadRecentInput ? 0 : value;
    };
    const observer = new PerformanceObserver((list) => {
      add(list.getEntries());
    });
    observer.observe({ type: "layout-shift" });
    Object.assign(window, {
      shifted: () => {
        add(observer.takeRecords());
        return total;
      },
    });
  });
  return () => page.evaluate(() => (window as unknown as { shifted: () => number }).shifted());
}

test("the page of a link is there before the engine, and hardly moves when the link is open", async ({
  page,
  browser,
}) => {
  await trained(page);
  const share = new ShareDialog(page);
  await share.show();
  for (const [of, title] of [
    ["the trained network", "A trained network"],
    ["the recipe", "An experiment to train"],
  ] as const)
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      // The trial that plays moves because it is to.
      const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
      const other = await context.newPage();
      const shift = await layoutShift(other);
      const letGo = await heldBack(other, /engine\/.*\.wasm$/);
      await other.goto(await share.link(of).inputValue());
      const link = new LinkPage(other);
      await expect(link.heading).toHaveText(title);
      await expect(link.standing).toHaveText("It is being opened.");
      await expect(link.button("Change")).toBeHidden();
      letGo();
      await link.settled();
      await expect(link.heading).toHaveText(`${title}: Small`);
      await expect(link.heading).toBeFocused();
      expect(await shift(), `${of} at ${viewport.width}`).toBeLessThan(0.1);
      await context.close();
    }
});

test("a weights link gives the outputs of the original, and is passed on", async ({ page, browser }) => {
  const lab = await trained(page, 40);
  const outputs = numbers(await lab.numbersOf("Trial 1"));
  const share = new ShareDialog(page);
  await share.show();
  await share.dialog.getByRole("button", { name: "float16, closer" }).click();
  const measured = share.dialog.getByText(/Measured on 1,000 fresh trials/);
  await expect(measured).toBeVisible();
  const same = Number(/([\d.]+)\s% of choices the same/.exec(await measured.innerText())?.[1]);
  expect(same).toBeGreaterThanOrEqual(99);

  const other = await share.sendTo(browser, "the trained network");
  const link = new LinkPage(other);
  await expect(link.heading).toHaveText("A trained network: Small");
  await expect(link.standing).toContainText("After 40 iterations of training");
  await link.settled();
  const first = other.getByRole("button", { name: "Numbers of Trial 1", exact: true });
  await link.button("Pause the trial").click();
  // It has played on meanwhile, perhaps.
  await expect(async () => {
    if (!(await first.isVisible())) await link.button("Previous").click();
    await expect(first).toBeVisible({ timeout: 2000 });
  }).toPass();
  const there = numbers(await new Laboratory(other).numbersOf("Trial 1"));
  expect(there).toHaveLength(outputs.length);
  const size = Math.max(...outputs.filter((_, at) => at % 8 > 0).map(Math.abs));
  there.forEach((value, at) => {
    expect(Math.abs(value - (outputs[at] ?? NaN))).toBeLessThanOrEqual(0.01 * size);
  });

  // What came by a link goes on by a link, with what was trained before.
  await link.button("Share again").click();
  const again = new ShareDialog(other);
  await expect(again.dialog).toContainText("iteration 40");
  await expect(again.dialog).toContainText("Not for this run. Its weights were loaded from a link");
  await again.dialog.getByRole("button", { name: "float16, closer" }).click();
  await expect(again.link("the trained network")).toHaveValue(/#m2=/);
  await other.keyboard.press("Escape");

  // Trained from new weights, it is another network; those of the link come back.
  const received = new Laboratory(other);
  const linked = await received.weights();
  await link.button("Retrain from new weights").click();
  await received.finished();
  await expect(received.hash).not.toHaveText(linked);
  await other.keyboard.press("Control+z");
  await expect(received.hash).toHaveText(linked);
  await other.context().close();
});

test("a cut or damaged link says so and changes nothing; a whole one asks before it drops a network", async ({
  page,
}) => {
  const lab = await trained(page);
  const hash = await lab.weights();
  const share = new ShareDialog(page);
  await share.show();
  const link = await share.link("the recipe").inputValue();
  await page.keyboard.press("Escape");
  const visit = (fragment: string) =>
    page.evaluate((next) => {
      location.hash = next;
    }, fragment);
  const fragment = new URL(link).hash;

  await visit(fragment.slice(0, -20));
  await expect(page.getByText("This link is cut:")).toBeVisible();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await visit(`${fragment.slice(0, 60)}${fragment[60] === "A" ? "B" : "A"}${fragment.slice(61)}`);
  await expect(page.getByText("This link is damaged:")).toBeVisible();
  await visit("#nothing");
  await expect(page.getByText("This is no link of Nullcline")).toBeVisible();
  await expect(lab.hash).toHaveText(hash);
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "3");

  await visit(fragment);
  const question = page.getByRole("dialog", { name: "Open the link?" });
  await expect(question).toContainText("iteration 3");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(lab.hash).toHaveText(hash);
  await visit("#");
  await visit(fragment);
  await question.getByRole("button", { name: "Open it" }).click();
  await expect(new LinkPage(page).heading).toHaveText("An experiment to train: Small");
});

test("a cut link in a fresh browser says so, over the example", async ({ page }) => {
  await page.goto("./#m1=AAAA");
  await expect(page.getByText("This link is cut:")).toBeVisible();
  await expect(new LinkPage(page).heading).toHaveText("A trained network at work");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await expect(page.getByText("This link is cut:")).toBeHidden();
  await page.goto("./?model=javascript:alert(1)");
  await expect(page.getByText("this one begins with javascript:.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "A trained network at work" })).toBeVisible();
});

test("a model elsewhere is fetched only when that was agreed to", async ({ page, browser }) => {
  const lab = await trained(page);
  const hash = await lab.weights();
  const share = new ShareDialog(page);
  await share.show();
  const download = page.waitForEvent("download");
  await share.dialog.getByRole("button", { name: "Save the run (.npz)" }).click();
  const body = await readFile(await (await download).path());
  const size = `${Math.round(body.length / 1000)}\u202fkB`;
  await expect(share.dialog.getByRole("region", { name: "File" })).toContainText(size);
  await share.dialog.getByRole("textbox", { name: "Address of the file" }).fill("http://models.test/run.npz");
  await expect(share.dialog).toContainText("begin with https://; this one begins with http://");
  await share.dialog
    .getByRole("textbox", { name: "Address of the file" })
    .fill("https://models.test/run.npz");
  const address = await share.link("the file").inputValue();
  expect(address).toContain("?model=https%3A%2F%2Fmodels.test%2Frun.npz");

  const context = await browser.newContext();
  const other = await context.newPage();
  let fetched = 0;
  let answer = Buffer.from("<!doctype html><title>Not here</title>");
  await context.route("https://models.test/**", (route) => {
    fetched++;
    return route.fulfill({ body: answer, headers: { "Access-Control-Allow-Origin": "*" } });
  });
  await other.goto(address);
  const question = other.getByRole("dialog", { name: "Fetch a model from models.test?" });
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(new Laboratory(other).headline).toContainText("learned nothing yet");
  expect(fetched).toBe(0);
  await other.reload();
  await question.getByRole("button", { name: "Fetch it" }).click();
  await expect(other.locator(".notices")).toContainText(
    /a web page.*The address of a model names a run.*Nothing was changed here\./,
  );
  answer = body;
  await other.reload();
  await question.getByRole("button", { name: "Fetch it" }).click();
  await expect(new LinkPage(other).heading).toHaveText("A trained network: Small");
  await expect(new Laboratory(other).hash).toHaveText(hash);
  expect(fetched).toBe(2);
  await context.close();
});

test("a teacher shows one knob and locks another", async ({ page, browser }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const share = new ShareDialog(page);
  await share.show();
  await share.dialog.getByText("What the receiver sees and may change").click();
  await share.dialog.getByRole("button", { name: "Hide all" }).click();
  const choose = async (section: string, field: string, standing: string) => {
    const choice = share.dialog.getByRole("combobox", { name: `${section}: ${field}`, exact: true });
    if (!(await choice.isVisible()))
      await share.dialog.locator("summary", { hasText: new RegExp(`^\\s*${section}`) }).click();
    await choice.selectOption(standing);
  };
  await choose("Network", "Units", "can be changed");
  await choose("Training", "Learning rate", "locked");
  await expect(share.dialog).toContainText("1 locked");

  const other = await share.sendTo(browser, "the recipe");
  const there = new Laboratory(other);
  const link = new LinkPage(other);
  await link.button("Change").click();
  await expect(other.getByText("The link that you opened hides some fields and locks others.")).toBeVisible();
  await expect(there.field("Units")).toBeEditable();
  await expect(there.field("Learning rate")).toBeDisabled();
  await expect(other.locator(".field", { hasText: "Learning rate" })).toContainText("locked");
  await expect(there.field("Time step")).toHaveCount(0);
  await expect(other.getByRole("heading", { name: "Task" })).toHaveCount(0);
  await expect(other.getByRole("button", { name: "Text", exact: true })).toHaveCount(0);
  await there.field("Units").fill("11");
  await expect(there.fact("Weights")).toHaveText(/^[0-9a-f]{16}$/);
  await expectNoViolations(other);
  await other.getByRole("button", { name: "Show and unlock all" }).click();
  await expect(there.field("Time step")).toBeVisible();
  await expect(there.field("Learning rate")).toBeEditable();
  await other.context().close();
});

test("the dialog is used by keyboard: copy, QR code, snippets", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const lab = new Laboratory(page);
  await lab.open();
  const share = new ShareDialog(page);
  await share.opener.focus();
  await page.keyboard.press("Enter");
  await expect(share.link("the recipe")).toHaveValue(/#r2=/);
  const link = await share.link("the recipe").inputValue();
  await share.dialog.getByRole("button", { name: "Copy link of the recipe" }).focus();
  await page.keyboard.press("Space");
  await expect(share.dialog.getByRole("button", { name: "Copied of the recipe" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  // Space pressed a button, and trained nothing.
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "0");

  await share.dialog.locator("summary", { hasText: "QR code of the recipe" }).focus();
  await page.keyboard.press("Enter");
  await expect(share.dialog.getByRole("img", { name: "QR code of the recipe" })).toBeVisible();
  await share.dialog.locator("summary", { hasText: "Put it into a page: the recipe" }).focus();
  await page.keyboard.press("Enter");
  await expect(share.dialog.getByRole("textbox", { name: "Frame of the recipe" })).toHaveValue(
    /^<iframe src=".*\?embed#r2=/,
  );
  await expect(share.dialog.getByRole("textbox", { name: "Element of the recipe" })).toHaveValue(
    /nullcline-model\.js" defer><\/script>\n<nullcline-model src="#r2=/,
  );
  await page.keyboard.press("Escape");
  await expect(share.dialog).toBeHidden();
  await expect(share.opener).toBeFocused();
});

test.describe("where less motion is wanted", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("has no accessibility violations, fits a phone, and rests where less motion is wanted", async ({
    page,
  }) => {
    await page.goto("./");
    const link = new LinkPage(page);
    await link.settled();
    await expect(link.button("Play the trial")).toBeVisible();
    await expectNoViolations(page);
    const share = new ShareDialog(page);
    await share.show();
    await expect(share.link("the trained network")).toHaveValue(/#m2=/);
    await share.dialog.getByText("What the receiver sees and may change").click();
    await expectNoViolations(page);

    await page.setViewportSize({ width: 390, height: 844 });

    await expectNoViolations(page);
    const box = await share.dialog.boundingBox();
    expect(box?.width).toBeLessThanOrEqual(390);
    await page.keyboard.press("Escape");
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await expectNoViolations(page);
  });
});
