import { expect, test, type Page } from "@playwright/test";
import { expectNoViolations, keptIteration, Laboratory } from "./laboratory";

/** So many that a run is not at its end before it is interrupted. */
const iterations = 1900;

/** Asks for a run, and answers the weights that it ends with when nothing interrupts it. */
async function uninterrupted(lab: Laboratory): Promise<string> {
  await lab.page.getByRole("textbox", { name: "Name of the experiment" }).fill("Mine");
  await lab.field("Units").fill("12");
  await lab.askFor(iterations);
  await lab.trainToTheEnd();
  const hash = await lab.weights();
  await lab.reset.click();
  await expect(lab.hash).not.toHaveText(hash);
  return hash;
}

/** Trains until so many more iterations are done and kept; the network is in the midst of training then. */
async function trainOn(lab: Laboratory, more: number): Promise<number> {
  const from = await lab.iteration();
  await lab.train.click();
  const least = expect.poll(() => lab.iteration(), { intervals: [20] });
  await least.toBeGreaterThanOrEqual(from + more);
  let kept = 0;
  const isInTheMidst = async () => {
    kept = await keptIteration(lab.page);
    // The run before this one is kept at its end.
    return kept !== iterations && kept >= from + more;
  };
  await expect.poll(isInTheMidst, { intervals: [20] }).toBe(true);
  return kept;
}

/** Waits until the page has come back to a run in mid-training; answers its iteration. */
async function cameBack(lab: Laboratory): Promise<number> {
  const notice = lab.page.getByText(
    /^Your run of “Mine” stands at iteration \d+ of 1,900\. Train goes on\.$/,
  );
  await expect(notice).toBeVisible();
  await lab.settled();
  await expect(lab.page.getByRole("textbox", { name: "Name of the experiment" })).toHaveValue("Mine");
  await expect(lab.page.locator(".pace")).toHaveText("paused");
  return lab.iteration();
}

/** Ends the tab as the system does: no code of the page runs any more. */
async function kill(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  const session = await page.context().newCDPSession(page);
  void session.send("Page.crash").catch(() => undefined);
  await crashed;
  await page.close();
}

test("a run whose tab is reloaded or killed in mid-training, again and again, goes on to the weights of one that never stopped", async ({
  context,
}) => {
  let page = await context.newPage();
  let lab = new Laboratory(page);
  await lab.open();
  const whole = await uninterrupted(lab);
  // Neither Reset nor Train is lost with a tab that ends before anything was saved in its turn.
  await lab.train.click();
  await kill(page);
  page = await context.newPage();
  lab = new Laboratory(page);
  await page.goto("./");
  const afresh =
    /^Your run of “Mine” (is here as you left it, not trained yet|stands at iteration \d+ of 1,900)/;
  await expect(page.getByText(afresh)).toBeVisible();
  await lab.settled();
  for (const [interruption, more] of [
    ["kill", 1],
    ["reload", 8],
    ["kill", 12],
    ["reload", 30],
    ["kill", 40],
  ] as const) {
    const kept = await trainOn(lab, more);
    if (interruption === "reload") await page.reload();
    else {
      await kill(page);
      page = await context.newPage();
      lab = new Laboratory(page);
      await page.goto("./");
    }
    expect(await cameBack(lab)).toBeGreaterThanOrEqual(kept);
  }
  await lab.trainToTheEnd();
  expect(await lab.weights()).toBe(whole);
  await expect(lab.headline).toContainText("before training");
  // Every tenth iteration has its point, those before the reloads too.
  const rows = await lab.numbersOf("Learning curve");
  expect(rows.map(([iteration]) => Number(iteration))).toEqual(
    expect.arrayContaining([10, 20, 50, 100, iterations]),
  );
});

test("a lesion that is shown is there again when the page comes back to its run", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.field("Units").fill("10");
  await lab.askFor(10);
  await lab.trainToTheEnd();
  await page.getByRole("tab", { name: "Activity" }).click();
  await page.getByRole("textbox", { name: "Units chosen" }).fill("4");
  await page.getByRole("button", { name: "Silence unit 4" }).click();
  const bar = page.getByRole("region", { name: "Lesion" });
  await bar.getByLabel("to", { exact: true }).fill("900");
  await bar.getByLabel("to", { exact: true }).press("Enter");
  await expect(bar).toContainText("Unit 4 is silent from 0\u202fms to 900\u202fms.");

  const reload = async () => {
    // The list stands there when the run is saved as it is.
    await page.getByRole("button", { name: "Runs", exact: true }).click();
    await expect(page.getByRole("dialog", { name: "Runs" }).getByRole("listitem")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await page.reload();
    await expect(page.getByText("is here as you left it, finished at iteration 10.")).toBeVisible();
    await lab.settled();
  };
  await reload();
  await expect(bar).toContainText("Unit 4 is silent from 0\u202fms to 900\u202fms.");
  await expect(bar).toContainText("correct with the lesion");
  await bar.getByRole("button", { name: "Take the lesion back" }).click();
  await reload();
  await expect(bar).toHaveCount(0);
});

test("runs are listed, opened, renamed, duplicated, deleted and put back", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const name = page.getByRole("textbox", { name: "Name of the experiment" });
  await name.fill("First");
  await lab.field("Units").fill("10");
  await lab.askFor(10);
  await lab.trainToTheEnd();
  const hash = await lab.weights();
  await lab.reset.click();
  await name.fill("Second");
  await lab.step.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "1");

  const opener = page.getByRole("button", { name: "Runs", exact: true });
  const dialog = page.getByRole("dialog", { name: "Runs" });
  const rows = dialog.getByRole("listitem");
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText(/Second[^]*iteration 1 of 10[^]*on the page now/);
  await expect(rows.last()).toContainText(/First[^]*finished at iteration 10[^]*% correct/);
  await expectNoViolations(page);

  await rows.last().getByRole("button", { name: "Duplicate" }).press("Enter");
  await expect(dialog.getByText("“First” was duplicated.")).toBeVisible();
  const copy = rows.filter({ hasText: "First (copy)" });
  await copy.getByRole("button", { name: "Rename" }).click();
  await page.keyboard.type("Other");
  await page.keyboard.press("Enter");
  const other = rows.filter({ hasText: "Other" });
  await expect(other.getByRole("button", { name: "Rename" })).toBeFocused();

  await other.getByRole("button", { name: "Delete" }).press("Enter");
  await expect(rows).toHaveCount(2);
  await expect(dialog.getByText("“Other” was deleted.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Undo" })).toBeFocused();
  await expectNoViolations(page);
  // Shown again, the list still says what Undo brings back.
  await page.keyboard.press("Escape");
  await opener.click();
  await expect(dialog.getByText("“Other” was deleted.")).toBeVisible();
  await dialog.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(other).toBeVisible();

  await other.getByRole("button", { name: "Open" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Your run of “Other” is here as you left it, finished")).toBeVisible();
  expect(await lab.weights()).toBe(hash);
  await expect(name).toHaveValue("Other");
  await expectNoViolations(page);

  await opener.click();
  // Finished, it does not go on.
  await expect(other.getByRole("button", { name: "Open Other" })).toBeVisible();
  await dialog.getByRole("button", { name: "New experiment" }).click();
  await expect(lab.headline).toContainText("learned nothing yet");
  await page.reload();
  await expect(lab.headline).toContainText("learned nothing yet");
  await opener.click();
  await expect(rows).toHaveCount(3);
});

test("a run that is open in one tab is opened in another as a copy", async ({ context }) => {
  const page = await context.newPage();
  const lab = new Laboratory(page);
  await lab.open();
  await page.getByRole("textbox", { name: "Name of the experiment" }).fill("Mine");
  await lab.field("Units").fill("10");
  await lab.askFor(20);
  await lab.step.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "1");
  await lab.settled();
  const hash = await lab.weights();

  const second = await context.newPage();
  await second.goto("./");
  const other = new Laboratory(second);
  await expect(second.getByText("Your run of “Mine” is open in another tab")).toBeVisible();
  await expect(other.progress).toHaveAttribute("aria-valuenow", "0");
  await second.getByRole("button", { name: "Open a copy" }).click();
  await expect(other.progress).toHaveAttribute("aria-valuenow", "1");
  await expect(other.hash).toHaveText(hash);
  await other.trainToTheEnd();
  expect(await lab.iteration()).toBe(1);
  await lab.trainToTheEnd();
  expect(await lab.weights()).toBe(await other.weights());
  await page.getByRole("button", { name: "Runs", exact: true }).click();
  const rows = page.getByRole("dialog", { name: "Runs" }).getByRole("listitem");
  await expect(rows.filter({ hasText: "Mine (copy)" })).toContainText("open in another tab");

  // Without locks, as over plain http, both tabs have the run: the one that comes second goes on beside it.
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
  });
  await second.close();
  await page.reload();
  await lab.askFor(22);
  const third = await context.newPage();
  await third.goto("./");
  const more = new Laboratory(third);
  await expect(more.progress).toHaveAttribute("aria-valuemax", "22");
  await more.trainToTheEnd();
  await page.bringToFront();
  await lab.step.click();
  await expect(
    page.getByText("Another tab has gone on with your run of “Mine”; here it goes on as “Mine (copy)”."),
  ).toBeVisible();
  await lab.settled();
  await page.getByRole("button", { name: "Runs", exact: true }).click();
  await expect(rows.filter({ hasText: "iteration 21 of 22" })).toContainText("Mine (copy)");
  await expect(rows.filter({ hasText: "finished at iteration 22" })).toHaveCount(1);
  // What another tab does is seen in the list as it is done.
  await third.getByRole("textbox", { name: "Name of the experiment" }).fill("Renamed there");
  await expect(rows.filter({ hasText: "Renamed there" })).toHaveCount(1);
});

test("full storage is told, training goes on, and space that is made is used", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await lab.field("Units").fill("10");
  await lab.askFor(12);
  await lab.train.click();
  const full = page
    .locator(".notices")
    .getByText(/^The run could not be saved: .*storage for this page is full/);
  await expect(full).toBeVisible();
  await expect(lab.page.locator(".pace")).toContainText("finished");
  await expectNoViolations(page);

  // Nothing that is not saved is left for another run unasked.
  await page.getByRole("button", { name: "Show the runs" }).click();
  const dialog = page.getByRole("dialog", { name: "Runs" });
  await expect(dialog.getByRole("listitem")).toHaveCount(0);
  await expect(dialog.getByRole("alert")).toContainText("Delete runs that you no longer need");
  await expect(dialog).toContainText("No run could be saved so far.");
  await page.keyboard.press("Escape");
  // Nor is the page left with it.
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  await (await asked).dismiss();

  await session.send("Storage.overrideQuotaForOrigin", { origin });
  await page.getByRole("textbox", { name: "Name of the experiment" }).fill("Kept after all");
  await expect(full).toBeHidden();
  await page.reload();
  await expect(page.getByText("Your run of “Kept after all” is here as you left it")).toBeVisible();
});

test("a private window says that nothing outlives it, and works", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", { value: undefined });
  });
  const lab = new Laboratory(page);
  await lab.open();
  await expect(lab.headline).toBeVisible();
  await lab.step.click();
  const told = page.getByText("This browser keeps nothing for the page, as in a private window.");
  await expect(told).toBeVisible();
  await page.locator(".notices").getByRole("button", { name: "Close" }).click();
  await lab.reset.click();
  await lab.step.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "1");
  await expect(told).toBeHidden();
  await page.getByRole("button", { name: "Runs", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Runs" });
  await expect(dialog.getByRole("listitem")).toHaveCount(2);
  await expect(dialog).toContainText("gone when this tab is closed or reloaded");
  await expect(dialog).not.toContainText(/saved here as it goes|the browser allows|Ask it to keep them/);
  // The tab would take both with it.
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe("beforeunload");
  await (await asked).dismiss();
});

/** What goes wrong in a page without anybody hearing of it. */
function unheard(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  return errors;
}

test("a browser that refuses the page everything that keeps is told of, and the page works", async ({
  page,
}) => {
  const errors = unheard(page);
  await page.addInitScript(() => {
    const refuse = function (): never {
      throw new DOMException("Access is denied.", "SecurityError");
    };
    IDBFactory.prototype.open = refuse;
    for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, { get: refuse });
    Object.defineProperty(window, "BroadcastChannel", { value: refuse });
    LockManager.prototype.request = () => Promise.reject(new DOMException("Denied.", "SecurityError"));
    LockManager.prototype.query = () => Promise.reject(new DOMException("Denied.", "SecurityError"));
    StorageManager.prototype.estimate = refuse;
    StorageManager.prototype.persisted = refuse;
  });
  const lab = new Laboratory(page);
  await lab.open();
  await lab.step.click();
  await expect(page.getByText("This browser does not let the page keep anything")).toBeVisible();
  await lab.reset.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "0");
  await page.getByRole("button", { name: "Runs", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Runs" });
  await expect(dialog.getByRole("listitem")).toHaveCount(2);
  await expect(dialog).not.toContainText(/could not|copy/);
  expect(errors).toEqual([]);
});

test("a write that fails at once is told, and nothing goes wrong unheard", async ({ page }) => {
  const errors = unheard(page);
  const lab = new Laboratory(page);
  await lab.open();
  await page.evaluate(() => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on what it belongs to
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...given: Parameters<typeof put>) {
      if (this.name === "contents") throw new DOMException("It cannot be written.", "DataCloneError");
      return put.apply(this, given);
    };
    Object.assign(window, { mend: () => (IDBObjectStore.prototype.put = put) });
  });
  await lab.step.click();
  await expect(page.locator(".notices")).toContainText(
    "The run could not be saved: the browser's storage failed (It cannot be written).",
  );
  expect(errors).toEqual([]);
  await page.evaluate(() => {
    (window as unknown as { mend: () => void }).mend();
  });
  await lab.step.click();
  await expect(page.locator(".notices")).not.toContainText("could not be saved");
  expect(errors).toEqual([]);
});

test("runs of another version, or damaged, are told, can be deleted, and break nothing", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.field("Units").fill("10");
  await lab.step.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "1");
  await lab.settled();
  const spoil = (change: "newer" | "state") =>
    page.evaluate(async (change) => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open("nullcline");
        request.onsuccess = () => {
          resolve(request.result);
        };
      });
      const transaction = database.transaction(["summaries", "contents"], "readwrite");
      const done = new Promise((resolve) => (transaction.oncomplete = resolve));
      const name = change === "newer" ? "summaries" : "contents";
      const all = transaction.objectStore(name).getAll() as IDBRequest<
        { version: number; network: { state: Uint8Array } }[]
      >;
      all.onsuccess = () => {
        for (const record of all.result) {
          if (change === "newer") record.version = 99;
          else record.network.state.fill(7, 100, 2000);
          transaction.objectStore(name).put(record);
        }
      };
      await done;
      database.close();
    }, change);

  await spoil("state");
  await page.reload();
  await expect(
    page.getByText(
      /^Your run of “Perceptual discrimination, Basic, 10 units” cannot go on here: .* the run stays in Runs\.$/,
    ),
  ).toBeVisible();
  await expect(lab.train).toBeEnabled();
  await expect(lab.field("Units")).toHaveValue("10");

  await spoil("newer");
  await page.reload();
  await expect(page.getByText(/^Your last run could not be opened\. .*newer version/)).toBeVisible();
  await expect(lab.train).toBeEnabled();
  await page.getByRole("button", { name: "Runs", exact: true }).click();
  const row = page.getByRole("dialog", { name: "Runs" }).getByRole("listitem");
  await expect(row).toContainText("A run that cannot be read");
  await expectNoViolations(page);
  await row.getByRole("button", { name: "Delete" }).click();
  await expect(row).toHaveCount(0);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });

  test("the notice and the list fit", async ({ page }) => {
    const lab = new Laboratory(page);
    await lab.open();
    await page.getByRole("button", { name: "Menu", exact: true }).click();
    await page
      .getByRole("textbox", { name: "Name of the experiment" })
      .fill("A name that is rather long for a phone");
    await lab.step.click();
    await expect(lab.progress).toHaveAttribute("aria-valuenow", "1");
    await lab.settled();
    await page.reload();
    await expect(page.getByText("stands at iteration 1 of 391")).toBeVisible();
    await lab.settled();
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await expectNoViolations(page);
    await page.getByRole("button", { name: "Menu", exact: true }).click();
    await page.getByRole("button", { name: "Runs", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Runs" });
    await expect(dialog.getByRole("listitem")).toHaveCount(1);
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    await expectNoViolations(page);
  });
});
