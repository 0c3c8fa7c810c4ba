/** What can be taken home from the page, as files. */

import type { RemoteSession, Trials } from "nullcline";
import { writeNpz } from "nullcline/npz";
import { learningTable } from "../../plots/learning-curve";
import { toCsv } from "../../plots/plot";
import { fileName, saveFile } from "../../plots/save";
import type { Lab } from "../../state/lab.svelte";
import { learningData } from "../learning/data";
import { npyBytes } from "./npy";

export interface Saving {
  lab: Lab;
  /** What the names of the files begin with. */
  experiment: string;
}

type Saver = (name: string, content: Blob) => void;

function binary(bytes: Uint8Array): Blob {
  return new Blob([Uint8Array.from(bytes)], { type: "application/octet-stream" });
}

/** An archive of x, y and mask: what `numpy.load` reads, and the page opens as a task. */
function trialsFile({ count, N_steps, N_in, N_out, x, y, mask }: Trials): Uint8Array {
  const members = [
    { key: "x", bytes: npyBytes([count, N_steps, N_in], x) },
    { key: "y", bytes: npyBytes([count, N_steps, N_out], y) },
    { key: "mask", bytes: npyBytes([count, N_steps, N_out], mask) },
  ];
  return writeNpz(members, true);
}

/** Saves what the session is asked for; what the engine refuses is told by the page. */
async function saveAnswer(
  { lab, experiment }: Saving,
  what: string,
  question: (session: RemoteSession) => Promise<Uint8Array>,
  save: Saver,
): Promise<void> {
  const bytes = await lab.ask(question);
  if (bytes) save(`${fileName(experiment, what)}.npz`, binary(bytes));
}

/** The weights as the forward pass uses them, for NumPy and PsychRNN. */
export function saveWeights(saving: Saving, save: Saver = saveFile): Promise<void> {
  return saveAnswer(saving, "weights", (session) => session.exportWeights({ compress: true }), save);
}

/** So many trials, of which those that the page shows are the first. */
export function saveTrials(saving: Saving, count: number, save: Saver = saveFile): Promise<void> {
  const { draw } = saving.lab;
  return saveAnswer(
    saving,
    "trials",
    async (session) => trialsFile(await session.trials({ count, draw })),
    save,
  );
}

/** All that the run needs to go on. */
export function saveRun(saving: Saving, save: Saver = saveFile): Promise<void> {
  return saveAnswer(saving, "run", (session) => session.saveState(), save);
}

export function saveLearningCurve({ lab, experiment }: Saving, save: Saver = saveFile): void {
  const data = learningData(lab);
  if (!data) return;
  save(
    `${fileName(experiment, "learning curve")}.csv`,
    new Blob([toCsv(learningTable(data))], { type: "text/csv" }),
  );
}

export function saveExperiment({ lab, experiment }: Saving, save: Saver = saveFile): void {
  const text = `${JSON.stringify(lab.draft, null, 2)}\n`;
  save(`${fileName(experiment)}.json`, new Blob([text], { type: "application/json" }));
}
