import { expect, test, type Page } from "@playwright/test";
import { writeNpz } from "nullcline/npz";
import { readFileSync } from "node:fs";
import { npyBytes } from "../../web/src/features/files/npy";
import { expectNoViolations, Laboratory } from "./laboratory";

interface Named {
  name: string;
  content: Uint8Array | string;
}

const N_steps = 20;

/** Trials whose stronger input says which output must be 1. */
function ownTrials(): { x: number[]; y: number[]; mask: number[] } {
  const trials = { x: [] as number[], y: [] as number[], mask: [] as number[] };
  for (let trial = 0; trial < 8; trial++)
    for (let step = 0; step < N_steps; step++) {
      const [strong, weak] = [0.6 + 0.05 * trial, 0.2];
      const first = trial % 2 === 0;
      const asked = step >= 10 ? 1 : 0;
      trials.x.push(first ? strong : weak, first ? weak : strong);
      trials.y.push(first ? asked : 0, first ? 0 : asked);
      trials.mask.push(asked, asked);
    }
  return trials;
}

function trialsNpz(): Named {
  const { x, y, mask } = ownTrials();
  const members = Object.entries({ x, y, mask }).map(([key, values]) => ({
    key,
    bytes: npyBytes([8, N_steps, 2], values),
  }));
  return { name: "own.npz", content: writeNpz(members, true) };
}

function trialsCsv(): Named {
  const { x, y, mask } = ownTrials();
  const rows = mask.flatMap((weight, index) => {
    if (index % 2 === 1) return [];
    const step = (index / 2) % N_steps;
    const row = [20 * step, x[index], x[index + 1], y[index], y[index + 1], weight].join(",");
    return step === N_steps - 1 ? [row, ""] : [row];
  });
  return {
    name: "own.csv",
    content: ["time,input_1,input_2,target_1,target_2,mask", ...rows, ""].join("\n"),
  };
}

/** A small experiment whose stages are passed in a moment. */
const curriculum: Named = {
  name: "stages.json",
  content: JSON.stringify({
    nullcline: 1,
    name: "Two stages",
    task: { type: "PerceptualDiscrimination", T: 500, N_batch: 32 },
    network: { type: "Basic", N_rec: 20 },
    training: { learning_rate: 0.005, iterations: 400 },
    curriculum: {
      stages: [{ task: { coherence: 0.9 } }, { task: { coherence: 0.6 }, threshold: 0.95 }],
      threshold: 0.8,
      metric_epoch: 5,
    },
  }),
};

async function choose(page: Page, ...files: Named[]): Promise<void> {
  await page.getByRole("button", { name: "File", exact: true }).click();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open file…" }).click();
  const chooser = await choosing;
  await chooser.setFiles(
    files.map(({ name, content }) => ({
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(content),
    })),
  );
}

/** Holds a file over the page, and lets go of it. */
async function drop(page: Page, { name, content }: Named): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ name, bytes }) => {
      const made = new DataTransfer();
      made.items.add(new File([Uint8Array.from(bytes)], name));
      return made;
    },
    { name, bytes: [...Buffer.from(content)] },
  );
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  await expect(page.getByText("Drop the file to open it")).toBeVisible();
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await expect(page.getByText("Drop the file to open it")).toBeHidden();
}

async function save(page: Page, what: string | RegExp): Promise<{ name: string; content: Uint8Array }> {
  await page.getByRole("button", { name: "File", exact: true }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("group", { name: "Save" }).getByRole("button", { name: what }).click();
  const download = await downloading;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

test("own trials, chosen or dropped, are learned", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await choose(page, trialsNpz());
  await expect(
    page.getByText("own.npz is the task now: 8 trials of 20 steps, 2 inputs and 2 outputs."),
  ).toBeVisible();
  await lab.field("Trials to train on").fill(String(8 * 120));
  await expect(lab.progress).toHaveAttribute("aria-valuemax", "120");
  await lab.trainToTheEnd();
  await expect(lab.headline).toHaveText(/^Accuracy on the 8 given trials: 100\u202f%, up from /);
  const learned = await lab.weights();

  // The same trials as a table, whose times say that a step is of 20 ms.
  await drop(page, trialsCsv());
  const dialog = page.getByRole("dialog", { name: "Open own.csv?" });
  await expect(dialog).toContainText("The trained network (iteration 120) makes way and stays in Runs");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(await lab.weights()).toBe(learned);

  await drop(page, trialsCsv());
  await dialog.getByRole("button", { name: "Open it" }).click();
  await expect(page.getByText("own.csv is the task now: 8 trials of 20 steps")).toBeVisible();
  await expect(lab.field("Time step")).toHaveValue("20");
  await lab.trainToTheEnd();
  await expect(lab.headline).toContainText("100\u202f%");

  // All of them are measured: there are no others to ask for.
  await page.getByRole("tab", { name: "Behaviour" }).click();
  const accuracy = page.getByRole("region", { name: "Accuracy", exact: true });
  await expect(accuracy).toContainText("on 8 given trials");
  await expect(accuracy.getByRole("button", { name: "Other trials" })).toHaveCount(0);
});

test("weights and trials saved on one page are those of another that opens them", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await page.getByRole("textbox", { name: "Name of the experiment" }).fill("Mine, first");
  await lab.askFor(10);
  await lab.trainToTheEnd();
  const hash = await lab.weights();
  const weights = await save(page, "Weights");
  expect(weights.name).toBe("mine-first-weights.npz");
  const trials = await save(page, "Trials");
  expect(trials.name).toBe("mine-first-trials.npz");
  const curve = await save(page, "Learning curve");
  expect(Buffer.from(curve.content).toString()).toMatch(
    /^iteration,loss,accuracy,test_loss,test_accuracy,test_trials\n0,,,/,
  );
  const document = await save(page, "Experiment");
  expect(JSON.parse(Buffer.from(document.content).toString())).toMatchObject({ name: "Mine, first" });

  await lab.open();
  expect(await lab.weights()).not.toBe(hash);
  await drop(page, weights);
  await expect(page.getByText("The network has the weights of mine-first-weights.npz.")).toBeVisible();
  await expect(lab.hash).toHaveText(hash);

  // They are not dropped unasked, and come back.
  const startNew = page.getByRole("button", { name: "Start a new network" });
  await lab.field("Units").fill("12");
  await page.getByRole("button", { name: "Keep these weights" }).click();
  await expect(lab.field("Units")).toHaveValue("50");
  await expect(lab.hash).toHaveText(hash);
  await lab.field("Units").fill("12");
  await startNew.click();
  await expect(lab.hash).not.toHaveText(hash);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(lab.hash).toHaveText(hash);
  await startNew.click();
  await expect(lab.hash).not.toHaveText(hash);

  // Of another size they ask for their network.
  await drop(page, weights);
  const dialog = page.getByRole("dialog", { name: "Make the network of mine-first-weights.npz?" });
  await expect(dialog).toContainText(
    "a Basic network of 50 units; the experiment has a Basic network of 12 units",
  );
  await dialog.getByRole("button", { name: "Make that network" }).click();
  await expect(lab.field("Units")).toHaveValue("50");
  await expect(lab.hash).toHaveText(hash);

  // PsychRNN's own file, of a network that had learned this task.
  const psychrnn = new URL("../golden/psychrnn_trained_pd.npz", import.meta.url);
  await drop(page, { name: "theirs.npz", content: readFileSync(psychrnn) });
  await page.getByRole("dialog").getByRole("button", { name: "Make that network" }).click();
  await expect(lab.field("Units")).toHaveValue("30");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await expect(lab.headline).toHaveText(/is (8[5-9]|9\d)\s% correct/);
  // They are what this run starts from, so that nothing has changed yet.
  await expect(page.getByText(/^30 × 30 weights of W_rec now, from \S+ to [\d.]+\.$/)).toBeVisible();

  // Dale's law and missing autapses come with the weights; a file for another task is refused in a sentence.
  await page.getByRole("button", { name: "Text", exact: true }).click();
  const text = page.getByRole("textbox", { name: "The experiment as text" });
  const task = { type: "PerceptualDiscrimination", dt: 20 };
  const network = { type: "Basic", N_rec: 10, dale_ratio: 0.8, autapses: false };
  const write = async (document: object, { over }: { over: "given weights" | "drawn weights" }) => {
    const last = await lab.weights();
    await text.fill(JSON.stringify({ nullcline: 1, ...document }));
    if (over === "given weights") await startNew.click();
    await expect(lab.hash).not.toHaveText(last);
    await expect(page.locator("main")).toHaveAttribute("aria-busy", "false");
  };
  await write({ task, network }, { over: "given weights" });
  const signed = await save(page, "Weights");
  await write({ task, network: { type: "Basic", N_rec: 4 } }, { over: "drawn weights" });
  await drop(page, signed);
  await page.getByRole("dialog").getByRole("button", { name: "Make that network" }).click();
  await expect(page.getByText(`The network has the weights of ${signed.name}.`)).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(JSON.parse(await text.inputValue())).toMatchObject({ network });
  await write(
    { task: { type: "MatchToCategory", N_out: 5 }, network: { type: "Basic", N_rec: 4 } },
    { over: "given weights" },
  );
  await drop(page, signed);
  await expect(page.getByRole("dialog")).toContainText(
    /weights of a network with 2 inputs and 2 outputs; the task here has \d+ inputs and 5 outputs: choose the task/,
  );
  await page.getByRole("button", { name: "Close", exact: true }).click();

  await write(
    { task: { type: "PerceptualDiscrimination" }, network: { type: "Basic", N_rec: 30 } },
    { over: "drawn weights" },
  );
  await drop(page, trials);
  await expect(page.getByText("mine-first-trials.npz is the task now: 16 trials of 200 steps")).toBeVisible();
});

test("a saved run goes on to the weights of one that never stopped", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await lab.askFor(12);
  await lab.trainToTheEnd();
  const uninterrupted = await lab.weights();
  await lab.reset.click();
  await lab.step.click();
  await expect(lab.progress).toHaveAttribute("aria-valuenow", "1");
  const run = await save(page, /^Run/);

  await lab.open();
  await choose(page, run);
  await expect(page.getByText("the run stands at iteration 1.")).toBeVisible();
  await expect(lab.progress).toHaveAttribute("aria-valuemax", "12");
  await lab.trainToTheEnd();
  expect(await lab.weights()).toBe(uninterrupted);
});

test("a file that cannot be opened is refused in a sentence and changes nothing", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  const hash = await lab.weights();
  const refuse = async (file: Named, sentence: string | RegExp) => {
    await drop(page, file);
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText(sentence);
    await dialog.getByRole("button", { name: /Close|Cancel/ }).click();
    await expect(dialog).toBeHidden();
  };
  await refuse(
    { name: "photo.npz", content: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) },
    "photo.npz is a picture.",
  );
  await refuse(
    { name: "own.csv", content: "input_1,target_1,mask\n1,0,1\n1,zero,1\n" },
    "own.csv, line 3: column 2 holds “zero”; it must hold a number.",
  );
  const [x, y] = [npyBytes([2, 3, 2], Array(12).fill(1)), npyBytes([2, 3, 2], Array(12).fill(1))];
  const mask = npyBytes([2, 4, 2], Array(16).fill(1));
  await refuse(
    {
      name: "own.npz",
      content: writeNpz([
        { key: "x", bytes: x },
        { key: "y", bytes: y },
        { key: "mask", bytes: mask },
      ]),
    },
    "own.npz: mask must have the shape (2, 3, 2); found (2, 4, 2).",
  );
  await refuse(
    {
      name: "e.json",
      content: JSON.stringify({ nullcline: 1, task: { type: "Dance" }, network: { type: "Basic" } }),
    },
    /e\.json has 1 problem.*Dance/,
  );
  expect(await lab.weights()).toBe(hash);
  await expect(lab.train).toBeEnabled();
});

test("a curriculum shows its stages, and files have no accessibility violations", async ({ page }) => {
  const lab = new Laboratory(page);
  await lab.open();
  await page.getByRole("button", { name: "File", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expectNoViolations(page);
  await page.keyboard.press("Escape");
  await choose(page, curriculum);
  await expect(page.getByText("stages.json is open.")).toBeVisible();
  await expect(page.locator(".stage")).toHaveText("stage 1 of 2");
  await expectNoViolations(page);

  await lab.train.click();
  await expect(page.locator(".stage")).toHaveText("all 2 stages passed", { timeout: 60_000 });
  await lab.settled();
  const card = page.getByRole("region", { name: "Learning curve", exact: true });
  await expect(card.locator(".annotation-text", { hasText: /^(stage )?1/ })).toBeVisible();
  await expect(card.locator(".annotation-text", { hasText: /^(stage )?2/ })).toBeVisible();
  await expect(card).toContainText("All 2 stages passed, the last at iteration");
  const rows = await lab.numbersOf("Learning curve");
  expect(rows[0]?.[3]).toBe("1");
  expect(rows.at(-1)?.[3]).toBe("2");
  expect(rows.at(-1)?.[5]).toBe("95.0\u202f%");
  // The trial shown is of the last stage, whose inputs differ by 0.6, and not of the first with its 0.9.
  const number = (text = "") => Number(text.replace("−", "-"));
  const inputs = (await lab.numbersOf("Trial 1")).map((row) => [number(row[1]), number(row[2])] as const);
  const stimulus = inputs.filter((both) => Math.max(...both) > 0.75);
  const difference = stimulus.reduce((sum, [one, two]) => sum + Math.abs(one - two), 0) / stimulus.length;
  expect(difference).toBeGreaterThan(0.45);
  expect(difference).toBeLessThan(0.75);

  await drop(page, trialsNpz());
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectNoViolations(page);
});
