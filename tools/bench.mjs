// Measures training, natively and in Chromium, against the machine's peak, and how the page starts and how free it stays
// while it trains; TensorFlow.js beside it; how the cost grows. It reports and judges nothing.
//   npm run bench [-- PART…] [--rounds K] [--quick] [--json FILE] [--no-build]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildSite, startChromium } from "./bench/chromium.mjs";
import { machine } from "./bench/machine.mjs";
import { buildNative, startNative } from "./bench/native.mjs";
import { measurePage } from "./bench/page.mjs";
import {
  reportMachine,
  reportPage,
  reportScaling,
  reportTensorflow,
  reportTraining,
} from "./bench/report.mjs";
import { measureScaling } from "./bench/scaling.mjs";
import { buildTensorflow, compareWithTensorflow } from "./bench/tensorflow.mjs";
import { measureTraining } from "./bench/training.mjs";
import { buildEngine, buildPackage, buildWeb } from "./build.mjs";
import { Failure, main, say } from "./lib/process.mjs";
import { setUp } from "./setup.mjs";

/** Each part names the parts of the set-up that it needs and what it builds, in order. */
const parts = {
  native: { needs: ["native"], builds: [buildNative] },
  chromium: { needs: ["wasm", "browser"], builds: [buildEngine, buildPackage, buildSite] },
  page: { needs: ["wasm", "browser"], builds: [buildEngine, buildPackage, buildWeb] },
  scaling: {
    needs: ["native", "wasm", "browser"],
    builds: [buildNative, buildEngine, buildPackage, buildSite],
  },
  tensorflow: {
    needs: ["wasm", "browser"],
    builds: [buildEngine, buildPackage, buildSite, buildTensorflow],
  },
};

/** Rounds, and milliseconds of each measurement and before the first. */
const thorough = { rounds: 9, pageRounds: 5, slice: 400, warmUp: 1500 };
const quick = { rounds: 2, pageRounds: 1, slice: 50, warmUp: 100 };

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: "string" },
        quick: { type: "boolean", default: false },
        json: { type: "string" },
        "no-build": { type: "boolean", default: false },
      },
    });
    const names = positionals.length ? positionals : Object.keys(parts);
    const unknown = names.filter((name) => !(name in parts));
    if (unknown.length)
      throw new Error(`No part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}.`);
    const effort = { ...(values.quick ? quick : thorough), ...roundsFrom(values.rounds) };
    return { names, effort, json: values.json, build: !values["no-build"] };
  } catch (error) {
    const usage = "Usage: npm run bench -- [PART…] [--rounds K] [--quick] [--json FILE] [--no-build]";
    throw new Failure(`${error.message}\n${usage}`);
  }
}

function roundsFrom(text) {
  if (text === undefined) return {};
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`"${text}" is no number of rounds.`);
  return { rounds, pageRounds: rounds };
}

/** What is measured where the engine runs; places are started anew for each, and all at once. */
const measurements = {
  training: {
    placesFor: (names) => [
      ...(names.includes("native") ? [startNative] : []),
      ...(names.includes("chromium") ? [startChromium] : []),
    ],
    measure: measureTraining,
  },
  scaling: {
    placesFor: (names) => (names.includes("scaling") ? [startNative, startChromium] : []),
    measure: measureScaling,
  },
  tensorflow: {
    placesFor: (names) => (names.includes("tensorflow") ? [startChromium] : []),
    measure: ([chromium], effort) => compareWithTensorflow(chromium, effort),
  },
};

/** Measures in all the places at once, so that their rounds interleave; undefined where there is none. */
async function inPlaces({ placesFor, measure }, names, effort) {
  const places = [];
  try {
    for (const start of placesFor(names)) places.push(await start());
    return places.length ? await measure(places, effort) : undefined;
  } finally {
    for (const place of places) await place.close();
  }
}

await main(async () => {
  const { names, effort, json, build } = options();
  const measuredOn = machine();
  const chosen = names.map((name) => parts[name]);
  if (build) {
    await setUp("node", ...new Set(chosen.flatMap(({ needs }) => needs)));
    for (const action of new Set(chosen.flatMap(({ builds }) => builds))) await action();
  }
  const results = { machine: measuredOn, effort };
  for (const [name, measurement] of Object.entries(measurements))
    results[name] = await inPlaces(measurement, names, effort);
  if (names.includes("page")) results.page = await measurePage(effort);
  reportMachine(results.machine);
  if (results.training) reportTraining(results.training);
  if (results.scaling) reportScaling(results.scaling);
  if (results.tensorflow) reportTensorflow(results.tensorflow);
  if (results.page) reportPage(results.page);
  if (json) {
    writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
    say(`\nAll numbers are in ${json}.`);
  }
});
