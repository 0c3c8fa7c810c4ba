import { defineConfig } from "@playwright/test";
import { fileURLToPath } from "node:url";

/** Several checkouts can be tested side by side. */
const port = Number(process.env.NULLCLINE_TEST_PORT ?? 4178);

/** The browser of the system: Playwright's own is not needed. */
const chromium = process.env.CHROMIUM_PATH;

export default defineConfig({
  testDir: ".",
  // Two at a time: much of a test is loading, drawing and looking for barriers, which one core does.
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env.CI !== undefined,
  outputDir: "../../test-results",
  reporter: "list",
  use: {
    baseURL: `http://localhost:${port}/`,
    viewport: { width: 1440, height: 900 },
    // What was done and seen at the end is kept of a test that fails; pictures of every step would cost a third of the time.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false, sources: false },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium === undefined || chromium === "" ? "/usr/bin/chromium" : chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: `npm run --silent preview -w web -- --port ${port} --strictPort`,
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    port,
    reuseExistingServer: false,
  },
});
