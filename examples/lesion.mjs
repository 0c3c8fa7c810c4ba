// Trains an experiment, takes each unit away in turn, and prints which ones the network needs:
//   node examples/lesion.mjs examples/hello-world.json
import { readFile } from "node:fs/promises";
import { load } from "nullcline";

const engine = await load();
const session = engine.open(await readFile(process.argv[2] ?? "examples/hello-world.json", "utf8"));
await session.train();

/** Share of the trials that ask for a choice and get the right one. */
const shareCorrect = ({ correct }) =>
  correct.filter((score) => score === 1).length / correct.filter((score) => score >= 0).length;
const percent = (share) => `${(100 * share).toFixed(1)} %`;

const trials = session.trials({ count: 500 });
const whole = shareCorrect(session.run(trials));
const units = Array.from({ length: session.shape.N_rec }, (_, unit) => {
  const share = shareCorrect(session.run(trials, { lesion: { units: [unit] } }));
  return { unit, share, loss: whole - share };
}).sort((a, b) => b.loss - a.loss);

console.log(`${percent(whole)} correct with all ${units.length} units.`);
for (const { unit, share, loss } of units.slice(0, 10)) {
  console.log(`Without unit ${String(unit).padStart(2)}: ${percent(share)} (${percent(loss)} less)`);
}
console.log(
  `${units.filter(({ loss }) => loss > 0.01).length} units cost more than 1 % each when taken away.`,
);

session[Symbol.dispose]();
engine[Symbol.dispose]();
