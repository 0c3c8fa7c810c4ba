import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";

/** The page as a person uses it: buttons, fields and sentences by their names. */
export class Laboratory {
  readonly train: Locator;
  readonly pause: Locator;
  readonly step: Locator;
  readonly reset: Locator;
  readonly progress: Locator;
  readonly headline: Locator;
  readonly hash: Locator;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.train = page.getByRole("button", { name: "Train", exact: true });
    this.pause = page.getByRole("button", { name: "Pause", exact: true });
    this.step = page.getByRole("button", { name: "Step", exact: true });
    this.reset = page.getByRole("button", { name: "Reset", exact: true });
    this.progress = page.getByRole("progressbar", { name: "Progress" });
    this.headline = page.locator(".headline");
    this.hash = this.fact("Weights");
  }

  /** Opens the page and waits until the untrained network is there to look at. */
  async open(url = "./?new"): Promise<void> {
    await this.forget();
    await this.page.goto(url);
    await expect(this.headline).toContainText("learned nothing yet");
    await expect(this.page.locator('[data-drawn="true"]')).toHaveCount(4);
  }

  /** Takes away what the browser keeps of an earlier visit. */
  async forget(): Promise<void> {
    const { origin } = new URL(this.page.url());
    if (origin === "null") return;
    // The page keeps its run as it goes.
    await this.page.goto("about:blank");
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
    await session.detach();
  }

  /** Waits until everything shown is that of the network as it is, and drawn. */
  async settled(): Promise<void> {
    await expect(this.page.locator("main")).toHaveAttribute("aria-busy", "false");
    await expect(this.page.locator('[data-drawn="true"]')).toHaveCount(4);
    // Plotly moves lines in the frame after it was asked to.
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  /** A value of the page's foot. */
  fact(name: string): Locator {
    return this.page
      .locator("footer dl > div")
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .locator("dd");
  }

  field(name: string): Locator {
    return this.page.getByRole("spinbutton", { name });
  }

  /** Asks for a run of so many iterations of 128 trials. */
  async askFor(iterations: number): Promise<void> {
    await this.field("Trials to train on").fill(String(iterations * 128));
    await expect(this.progress).toHaveAttribute("aria-valuemax", String(iterations));
    await expect(this.train).toBeEnabled();
  }

  async iteration(): Promise<number> {
    return Number(await this.progress.getAttribute("aria-valuenow"));
  }

  /** Presses Train and waits for the end of the run and the test after it. */
  async trainToTheEnd(): Promise<void> {
    await this.train.click();
    await this.finished();
  }

  async finished(): Promise<void> {
    await expect(this.page.locator(".pace")).toContainText("finished", { timeout: 150_000 });
    await expect(this.headline).toContainText("Accuracy on");
  }

  /** The hash of the weights, as the page shows it when it is at rest. */
  async weights(): Promise<string> {
    await expect(this.hash).toHaveText(/^[0-9a-f]{16}$/);
    return this.hash.innerText();
  }

  /** The rows of a plot's table, as text. */
  async numbersOf(plot: string): Promise<string[][]> {
    const button = this.page.getByRole("button", { name: `Numbers of ${plot}`, exact: true });
    await button.click();
    const table = this.page
      .getByRole("region", { name: `Numbers of ${plot}`, exact: true })
      .getByRole("table");
    const rows = await table
      .locator("tbody tr")
      .evaluateAll((found) =>
        found.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
      );
    await button.click();
    return rows;
  }
}

/** By axe, in light and dark; the second time of what depends on colours alone. */
export async function expectNoViolations(page: Page, within?: string): Promise<void> {
  const scheme = await schemeOf(page);
  const other = scheme === "dark" ? "light" : "dark";
  await expectNone(axeOn(page), within);
  await turn(page, other);
  await expectNone(axeOn(page).withRules(["color-contrast"]), within);
  await turn(page, scheme);
}

/** Axe that tells of what is wrong alone: telling of all that is right takes most of its time. */
function axeOn(page: Page): AxeBuilder {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  // Where there are no frames, nothing of theirs has to be put together in a page of its own.
  return page.frames().length === 1 ? axe.setLegacyMode() : axe;
}

type Scheme = "light" | "dark";

function schemeOf(page: Page): Promise<Scheme> {
  return page.evaluate(() => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
}

/** Has the system prefer light or dark, and waits until the page and what is embedded in it look that way. */
async function turn(page: Page, colorScheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme });
  for (const frame of page.frames())
    await frame.waitForFunction((wanted) => {
      const { theme } = document.documentElement.dataset;
      const isChanging = document.getAnimations().some((one) => one instanceof CSSTransition);
      return (theme === undefined || theme === wanted) && !isChanging;
    }, colorScheme);
}

async function expectNone(axe: AxeBuilder, within?: string): Promise<void> {
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join("\n  ")}`,
  );
  expect(told.join("\n")).toBe("");
}

/** The iteration at which the browser keeps the run of the page, as another program would see it. */
export function keptIteration(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open("nullcline");
        // Nothing is kept yet; making the database is the page's.
        opening.onupgradeneeded = () => opening.transaction?.abort();
        opening.onerror = () => {
          resolve(0);
        };
        opening.onsuccess = () => {
          const database = opening.result;
          const all = database.transaction("summaries").objectStore("summaries").getAll() as IDBRequest<
            { iteration: number; changed: number }[]
          >;
          all.onsuccess = () => {
            database.close();
            const [last] = all.result.sort((a, b) => b.changed - a.changed);
            resolve(last?.iteration ?? 0);
          };
        };
      }),
  );
}
