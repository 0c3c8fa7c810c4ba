/** What mutations.spec.ts runs in a page: links are read there, archives by the engine in its worker. */

import { connect, NullclineError, type ExperimentDocument } from "nullcline";
import { decodeLink, encodeLink, type Link } from "nullcline/links";
import { readNpz, writeNpz } from "nullcline/npz";
import { Mutator, piecesOfLinks } from "../wasm/mutations";

export interface Outcome {
  taken: number;
  refused: number;
  /** Of the longest of them. */
  milliseconds: number;
  /** What should not have happened; the first few. */
  complaints: string[];
}

const mostMilliseconds = 1000;

const document: ExperimentDocument = {
  nullcline: 1,
  task: { type: "PerceptualDiscrimination", T: 400, dt: 20, N_batch: 4 },
  network: { type: "Basic", N_rec: 5 },
  training: { iterations: 10 },
};

class Outcomes {
  readonly outcome: Outcome = { taken: 0, refused: 0, milliseconds: 0, complaints: [] };

  complain(what: string): void {
    if (this.outcome.complaints.length < 5) this.outcome.complaints.push(what);
  }

  /** Whether it was taken. */
  async attempt(call: () => Promise<unknown>, shown: () => string): Promise<boolean> {
    const start = performance.now();
    let taken = true;
    try {
      await call();
    } catch (error) {
      taken = false;
      const sentence = error instanceof NullclineError && error.message !== "";
      if (!sentence) this.complain(`${String(error)} came of ${shown()}`);
    }
    const took = performance.now() - start;
    if (took > mostMilliseconds) this.complain(`${took.toFixed(0)} ms were spent on ${shown()}`);
    this.outcome.milliseconds = Math.max(this.outcome.milliseconds, took);
    ++this.outcome[taken ? "taken" : "refused"];
    return taken;
  }
}

export async function mutateLinks(count: number): Promise<Outcome> {
  const outcomes = new Outcomes();
  const common = { document, iteration: 10, hash: "0123456789abcdef" };
  const data = Float32Array.from({ length: 25 }, (_, i) => Math.sin(i));
  const weights = { W_rec: { rows: 5, columns: 5, data } };
  const links: Link[] = [
    { kind: "recipe", ...common, arithmetic: "plain", numericsVersion: 1 },
    { kind: "model", ...common, precision: "int8", weights },
    { kind: "model", ...common, precision: "float16", weights },
  ];
  const fragments = await Promise.all(links.map(encodeLink));
  const mutator = new Mutator(11);
  for (let i = 0; i < count; ++i) {
    const original = mutator.pick(fragments);
    const fragment = mutator.text(original, piecesOfLinks);
    await outcomes.attempt(
      async () => {
        const again = await encodeLink(await decodeLink(fragment));
        if (!fragments.includes(again)) outcomes.complain(`Another link was read from ${fragment}`);
      },
      () => fragment,
    );
  }
  return outcomes.outcome;
}

/** Changes archives, or arrays in them; those that are refused must leave the session as it stands. */
export async function mutateArchives(count: number, workerUrl: string): Promise<Outcome> {
  const outcomes = new Outcomes();
  const engine = await connect({
    engineUrl: new URL("engine/", location.href),
    worker: () => new Worker(workerUrl, { type: "module" }),
    threads: 1,
  });
  const session = await engine.open(document);
  await session.step({ iterations: 3 });
  const [state, hash] = [await session.saveState(), await session.hash()];
  const mutator = new Mutator(12);
  for (let i = 0; i < count; ++i) {
    let archive = mutator.bytes(state);
    if (i % 2 === 0) {
      const members = readNpz(state, "state.npz").flatMap((member) => ("bytes" in member ? [member] : []));
      const chosen = mutator.pick(members);
      chosen.bytes = mutator.bytes(chosen.bytes);
      archive = writeNpz(members);
    }
    const shown = (): string => `archive ${i}`;
    if (await outcomes.attempt(() => session.restoreState(archive), shown)) await session.restoreState(state);
    else if ((await session.hash()) !== hash) outcomes.complain(`The weights were changed by ${shown()}`);
  }
  const after = await session.saveState();
  if (after.length !== state.length || after.some((byte, place) => byte !== state[place])) {
    outcomes.complain("The run is another one than before.");
  }
  await engine[Symbol.asyncDispose]();
  return outcomes.outcome;
}
