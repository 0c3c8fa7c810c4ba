// Part "page": how soon the page is there, and how free its main thread stays while it trains.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot } from "../lib/paths.mjs";
import { onExit, timed } from "../lib/process.mjs";
import { serve } from "../lib/server.mjs";
import { launchWithProfile } from "./browser.mjs";
import { spread } from "./rounds.mjs";
import { watch } from "./watch.mjs";

/** Visits with the same profile: nothing is in the cache, then files are, then compiled code may be, too. */
const visits = ["first visit", "second visit", "third visit"];
const patience = 300_000;

export async function measurePage({ pageRounds }) {
  const { server, address } = await serve(inRoot("web", "dist"), 8280);
  const profiles = mkdtempSync(join(tmpdir(), "nullcline-bench-"));
  const remove = () => rmSync(profiles, { recursive: true, force: true, maxRetries: 5 });
  onExit(remove);
  const rounds = [];
  try {
    while (rounds.length < pageRounds) {
      const number = rounds.length + 1;
      await timed(`page, round ${number} of ${pageRounds}`, async () => {
        rounds.push(await measureOnce(join(profiles, `${number}`), address));
      });
    }
  } finally {
    server.close();
    remove();
  }
  const start = visits.map((visit, index) =>
    summariseStart(
      visit,
      rounds.map(({ starts }) => starts[index]),
    ),
  );
  return { start, runs: rounds.map(({ run }) => run) };
}

/** The visits one after the other in a browser with a fresh profile, and then a whole run. */
async function measureOnce(profile, address) {
  const context = await launchWithProfile(profile);
  try {
    const starts = [];
    while (starts.length < visits.length)
      starts.push(await visit(context, address, startOf, { pressAtOnce: true }));
    return { starts, run: await visit(context, address, runOf, { pressAtOnce: false }) };
  } finally {
    await context.close();
  }
}

/** Opens the page, watched, and closes it when `action` has measured. */
async function visit(context, address, action, how) {
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  try {
    await page.addInitScript(watch, how);
    // A run that the visit before has kept would come back; the requests are answered in their order.
    await page.addInitScript(() => globalThis.indexedDB.deleteDatabase("nullcline"));
    await sleep(1000); // a new tab's own work
    await page.goto(`${address}?new`);
    return await action(page);
  } finally {
    await page.close();
  }
}

async function startOf(page) {
  await noted(page, "first");
  const { ready, first } = await recordOf(page);
  await sleep(3000); // for the browser to put compiled code into its cache
  return { ready, first };
}

/** The default experiment, trained from the first iteration to the last. */
async function runOf(page) {
  await noted(page, "ready");
  await sleep(3000); // the plots are drawn
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await noted(page, "finished");
  await sleep(1500); // the last drawings and the test
  const record = await recordOf(page);
  return {
    seconds: (record.finished - record.pressed) / 1000,
    longTasks: record.longTasks.map((task) => explain(task, record)),
  };
}

/** Waits until the page has noted a moment; asks seldom, not in every frame, so as not to disturb. */
function noted(page, moment) {
  return page.waitForFunction((name) => globalThis.benchRecord[name] !== null, moment, { polling: 100 });
}

function recordOf(page) {
  return page.evaluate(() => globalThis.benchRecord);
}

/** A long task: when it was relative to the press of Train, which plots it drew and which scripts ran in it. */
function explain(task, { pressed, finished, drawings, frames }) {
  const end = task.at + task.duration;
  const drawn = drawings.filter(({ at }) => at >= task.at && at <= end + 1);
  const scripts = frames
    .flatMap((frame) => frame.scripts)
    .filter((script) => script.at < end && script.at + script.duration > task.at);
  return {
    phase: task.at < pressed ? "before" : task.at <= finished ? "training" : "after",
    at: task.at - pressed,
    duration: task.duration,
    drawings: drawn.map(({ title, first }) => ({ title, first })),
    scripts,
  };
}

function summariseStart(visit, starts) {
  return {
    visit,
    ready: spread(starts.map(({ ready }) => ready)),
    first: spread(starts.map(({ first }) => first)),
  };
}
