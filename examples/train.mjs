// Trains an experiment in Node and prints how it goes:
//   node examples/train.mjs examples/hello-world.json
import { readFile } from "node:fs/promises";
import { load } from "nullcline";

const engine = await load();
const session = engine.open(await readFile(process.argv[2] ?? "examples/hello-world.json", "utf8"));
console.log(engine.build.reasons.join(" "));

let progress = session.progress();
while (progress.state === "ready" || progress.state === "training") {
  progress = session.step({ milliseconds: 1000 });
  const { loss, accuracy } = progress.history.at(-1) ?? { loss: NaN, accuracy: NaN };
  console.log(
    `iteration ${progress.iteration} of ${progress.iterations}: ` +
      `loss ${loss.toFixed(4)}, ${(100 * accuracy).toFixed(0)} % correct`,
  );
}

const { accuracy, count } = session.test(1000);
console.log(`${(100 * accuracy).toFixed(1)} % correct on ${count} fresh trials; weights ${session.hash()}`);

session[Symbol.dispose]();
engine[Symbol.dispose]();
