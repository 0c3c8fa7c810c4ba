// Debian's Chromium, driven by Playwright.
import { Failure, which } from "../lib/process.mjs";

const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function prepared() {
  const executablePath = process.env.CHROMIUM_PATH || which("chromium");
  if (!executablePath) throw new Failure("There is no chromium on PATH; CHROMIUM_PATH may name one.");
  const { chromium } = await import("@playwright/test");
  return { chromium, options: { executablePath, args } };
}

export async function launch() {
  const { chromium, options } = await prepared();
  return chromium.launch(options);
}

/** A browser with a profile in a folder, whose caches last as long as the folder. */
export async function launchWithProfile(folder) {
  const { chromium, options } = await prepared();
  return chromium.launchPersistentContext(folder, { ...options, viewport: { width: 1440, height: 900 } });
}
