// The tables that the benchmark prints.
import { say } from "../lib/process.mjs";

const digits = (count) => (value) => value.toFixed(count);

/** Columns are [title, text of a row]; numbers stand to the right. */
function table(title, columns, rows) {
  const cells = rows.map((row) => columns.map(([, text]) => String(text(row))));
  const widths = columns.map(([name], index) =>
    Math.max(name.length, ...cells.map((row) => row[index].length)),
  );
  const isNumber = columns.map((_, index) => cells.every((row) => /^[-–\d]/.test(row[index])));
  const line = (texts) =>
    texts
      .map((text, index) => (isNumber[index] ? text.padStart(widths[index]) : text.padEnd(widths[index])))
      .join("  ")
      .trimEnd();
  say(`\n${title}\n`);
  say(line(columns.map(([name]) => name)));
  say(widths.map((width) => "─".repeat(width)).join("  "));
  for (const row of cells) say(line(row));
}

/** Median (least – greatest). */
function range({ median, least, greatest }, text) {
  return `${text(median)} (${text(least)} – ${text(greatest)})`;
}

export function reportMachine({ processor, cores, memory, system, node, browser, compiler, commit, load }) {
  say(`\n${processor}, ${cores} cores, ${(memory / 2 ** 30).toFixed(0)} GB; ${system}`);
  say(`Node ${node}${browser ? `; Chromium ${browser}` : ""}; ${compiler}; commit ${commit}`);
  say(
    `Load before the benchmark: ${load.toFixed(1)}${load > 0.5 ? " – others were using this machine" : ""}`,
  );
}

export function reportTraining({ peaks, products, iterations }) {
  table(
    "Peak in GFLOP/s: the better of multiply-adds between registers and the product kernel in the cache; median (range)",
    [
      ["", (row) => row.place],
      ["arithmetic", (row) => row.arithmetic],
      ["instruction set", (row) => row.instructionSet],
      ["threads", (row) => row.threads],
      ["registers", (row) => range(row.registers, digits(1))],
      ["product", (row) => range(row.product, digits(1))],
      ["peak", (row) => row.peak.toFixed(1)],
    ],
    peaks,
  );
  table(
    "The matrix products of training alone, on the same sizes and layout; median (range)",
    [
      ["", (row) => row.place],
      ["arithmetic", (row) => row.arithmetic],
      ["threads", (row) => row.threads],
      ["N", (row) => row.N_rec],
      ["GFLOP/s", (row) => range(row.gigaflops, digits(1))],
      ["of the peak", (row) => `${(100 * row.share).toFixed(0)} %`],
    ],
    products,
  );
  table(
    "One iteration of training: PerceptualDiscrimination, 200 steps, 128 trials made anew, Basic with ReLU or LSTM; median (range)",
    [
      ["", (row) => row.place],
      ["network", (row) => row.network],
      ["arithmetic", (row) => row.arithmetic],
      ["threads", (row) => row.threads],
      ["N", (row) => row.N_rec],
      ["ms", (row) => range(row.milliseconds, digits(2))],
      ["GFLOP/s", (row) => row.gigaflops.toFixed(1)],
      ["of the peak", (row) => `${(100 * row.share).toFixed(0)} %`],
    ],
    iterations,
  );
  say(
    "\nOperations: 2 · (3 G·N² + 2 G·N·N_in + 3 N·N_out) · 128 trials · 200 steps, N_in = N_out = 2; G = 4 gates of LSTM, else 1.",
  );
}

export function reportTensorflow({ agreement, rows }) {
  const inPercent = (value) => `${(100 * value).toPrecision(1)} %`;
  table(
    "TensorFlow.js computes the same: loss on one batch, and by how much the gradients differ at most",
    [
      ["N", (row) => row.N_rec],
      ["loss", (row) => row.loss.toPrecision(6)],
      ["TensorFlow.js", (row) => row.tensorflowLoss.toPrecision(6)],
      ["gradients", (row) => inPercent(Math.max(...Object.values(row.differences)))],
    ],
    agreement,
  );
  table(
    "TensorFlow.js (WebAssembly SIMD) and this engine in Chromium, one thread each: ms an iteration; median (range)",
    [
      ["N", (row) => row.N_rec],
      ["TensorFlow.js", (row) => range(row.tensorflow, digits(0))],
      ["arithmetic", (row) => row.arithmetic],
      ["ms", (row) => range(row.milliseconds, digits(2))],
      ["times faster", (row) => row.ratio.toFixed(1)],
    ],
    rows.flatMap(({ nullcline, ...both }) => nullcline.map((ours) => ({ ...both, ...ours }))),
  );
  say("\nTensorFlow.js is given its trials in advance; ours makes new ones for every iteration.");
}

const threeDigits = (value) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

const dimensions = { N_rec: "units", N_batch: "trials", N_steps: "steps" };

export function reportScaling({ middle, rows }) {
  const places = [...new Set(rows.map((row) => row.place))];
  for (const [dimension, name] of Object.entries(dimensions)) {
    const others = Object.entries(dimensions).filter(([other]) => other !== dimension);
    const fixed = others.map(([other, what]) => `${middle[other]} ${what}`).join(", ");
    const own = rows.filter((row) => row.dimension === dimension);
    const at = (place, value) => own.find((row) => row.place === place && row.value === value);
    table(
      `One iteration over the number of ${name} (${fixed}), one thread; median (range)`,
      [
        [name, (value) => value],
        ...places.flatMap((place) => [
          [`${place}, ms`, (value) => range(at(place, value).milliseconds, threeDigits)],
          ["GFLOP/s", (value) => at(place, value).gigaflops.toFixed(1)],
        ]),
      ],
      own.filter((row) => row.place === places[0]).map((row) => row.value),
    );
  }
}

export function reportPage({ start, runs }) {
  table(
    "The page: milliseconds from the navigation on, Train pressed at once; median (range)",
    [
      ["", (row) => row.visit],
      ["Train can be pressed", (row) => range(row.ready, digits(0))],
      ["first iteration shown", (row) => range(row.first, digits(0))],
    ],
    start,
  );
  table(
    `Long tasks (over 50 ms) of the page's main thread, at most the ${mostTasks} longest of a run; ms since Train was pressed`,
    [
      ["run", (task) => task.run],
      ["", (task) => task.phase],
      ["at", (task) => task.at.toFixed(0)],
      ["ms", (task) => task.duration.toFixed(0)],
      ["what", describe],
    ],
    runs.flatMap(({ longTasks }, index) => longest(longTasks).map((task) => ({ ...task, run: index + 1 }))),
  );
  runs.forEach((run, index) => say(summaryOf(run, index + 1)));
}

const mostTasks = 12;

/** The longest tasks, in the order in which they came. */
function longest(tasks) {
  const chosen = new Set(tasks.toSorted((a, b) => b.duration - a.duration).slice(0, mostTasks));
  return tasks.filter((task) => chosen.has(task));
}

function describe({ drawings, scripts }) {
  const drawn = drawings.map(({ title, first }) => `${first ? "first drawing" : "drawing"} of ${title}`);
  const script = scripts.toSorted((a, b) => b.duration - a.duration)[0];
  const ran = script
    ? [script.invoker, script.function, script.file]
    : ["no script that the browser tells of"];
  return [...drawn, ran.filter(Boolean).join(" · ")].join("; ");
}

function summaryOf({ seconds, longTasks }, number) {
  const tasks = longTasks.filter(({ phase }) => phase === "training");
  const first = tasks.filter(({ drawings }) => drawings.some((drawing) => drawing.first));
  const longestOf = (some) => `${Math.max(0, ...some.map(({ duration }) => duration)).toFixed(0)} ms`;
  const others = tasks.filter((task) => !first.includes(task));
  return (
    `Run ${number}: ${seconds.toFixed(1)} s of training with ${tasks.length} long tasks; ` +
    `${first.length} first drawings (longest ${longestOf(first)}), ${others.length} others (longest ${longestOf(others)}).`
  );
}
