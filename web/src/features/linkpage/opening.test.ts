import { encodeLink, type Link } from "nullcline/links";
import { expect, it } from "vitest";
import { settled, started } from "../../testing/started";
import { Opening } from "../files/opening.svelte";
import { Reception } from "../links/reception.svelte";
import { standingIn } from "./words";

const document = {
  nullcline: 1,
  name: "Sent",
  task: { type: "Choice" },
  network: { type: "Plain" },
  seed: 9,
};

async function linkAfter(iteration: number, value: number): Promise<string> {
  const W_rec = { rows: 4, columns: 4, data: new Float32Array(16).fill(value) };
  const hash = "000000000000001e";
  const link: Link = { kind: "model", document, iteration, hash, precision: "float16", weights: { W_rec } };
  return encodeLink(link);
}

it("tells at no moment the accuracy of other weights than those that a link brings", async () => {
  const { lab, engine } = await started({ clock: () => 0 });
  // Accuracy tells the weights: a half and 0.01 for each of their size.
  engine.prepare = (session) => {
    const measure = session.test.bind(session);
    session.test = async (count) => {
      const { scale } = session;
      for (let turn = 0; turn < slowness; turn++) await Promise.resolve();
      return { ...(await measure(count)), accuracy: 0.5 + scale / 100 };
    };
  };
  let slowness = 0;
  const reception = new Reception(lab, new Opening(lab, () => Promise.reject(new Error("No file."))));

  /** All that is told while a link opens. */
  const toldBy = async (fragment: string): Promise<Set<string>> => {
    const told = new Set<string>();
    const { replacements } = lab;
    const opened = reception.openLink(fragment);
    for (let turn = 0; turn < 800; turn++) {
      if (reception.page && lab.replacements > replacements) told.add(standingIn(lab));
      await Promise.resolve();
    }
    expect(await opened).toBe(true);
    await settled();
    return told;
  };

  for (slowness of [0, 1, 2, 3, 5, 8, 13, 30])
    for (const [iteration, value] of [
      [391, 45],
      [70, 20],
    ] as const) {
      const after = `After ${iteration} iterations of training it is`;
      const told = await toldBy(await linkAfter(iteration, value));
      told.delete("It is being opened.");
      told.delete(`${after} being measured on fresh trials.`);
      expect([...told]).toEqual([
        expect.stringContaining(`${after} right in ${50 + value}.0\u202f% of 1,000 fresh trials`),
      ]);
    }
});
