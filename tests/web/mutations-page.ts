/** What mutations.spec.ts runs in a page: the decoders that Node runs too, with the engine in its worker as the page has it. */

import { connect } from "nullcline";
import { decoders, mutate, type Outcome } from "../wasm/decoders";

/** Chromium's count of what scripts hold, arrays included. */
interface WithMemory {
  memory?: { usedJSHeapSize: number };
}

export async function run(name: string, workerUrl: string): Promise<Outcome> {
  const decoder = decoders.find((one) => one.name === name);
  if (!decoder) throw new Error(`There is no decoder of ${name}.`);
  const engine = await connect({
    engineUrl: new URL("engine/", location.href),
    worker: () => new Worker(workerUrl, { type: "module" }),
    threads: 1,
  });
  const outcome = await mutate(decoder, engine, {
    milliseconds: () => performance.now(),
    heap: () => (performance as WithMemory).memory?.usedJSHeapSize ?? 0,
  });
  const handles = await engine.handles();
  if (handles > 0) outcome.complaints.push(`${handles} handles were left.`);
  await engine[Symbol.asyncDispose]();
  return outcome;
}
