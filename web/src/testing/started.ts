import { flushSync } from "svelte";
import { Lab, type LabOptions } from "../state/lab.svelte";
import { FakeEngine } from "./fake-engine";

/** Lets everything that can be answered at once be answered, and effects take it in. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 500; turn++) await Promise.resolve();
  flushSync();
}

/** A page over the stand-in for the engine: its network is made and has been looked at. */
export async function started(
  options: Omit<Partial<LabOptions>, "connect"> = {},
): Promise<{ lab: Lab; engine: FakeEngine }> {
  const engine = new FakeEngine();
  const lab = new Lab({
    connect: () => Promise.resolve(engine),
    frame: (callback) => {
      callback();
    },
    ...options,
  });
  await lab.start();
  await settled();
  return { lab, engine };
}
