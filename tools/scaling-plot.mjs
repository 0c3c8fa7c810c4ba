// Draws docs/images/scaling.svg from build/scaling.json, which `npm run bench -- scaling` writes.
import { readFileSync, writeFileSync } from "node:fs";
import { inRoot } from "./lib/paths.mjs";
import { main, say } from "./lib/process.mjs";

const panels = [
  { dimension: "N_rec", title: "Units", ticks: [16, 32, 64, 128, 256, 512, 1024], slope: 2 },
  { dimension: "N_batch", title: "Trials", ticks: [1, 4, 16, 64, 256, 1024], slope: 1 },
  { dimension: "N_steps", title: "Steps", ticks: [50, 100, 200, 500, 1000, 2000, 5000], slope: 1 },
];
const names = { N_rec: "units", N_batch: "trials", N_steps: "steps" };

/** Okabe and Ito's blue and vermilion. */
const colours = { native: "#0072b2", Chromium: "#d55e00" };
const shapes = { native: "circle", Chromium: "square" };

const width = 960;
const height = 352;
const top = 56;
const bottom = height - 52;
const left = 64;
const gap = 28;
const panelWidth = (width - left - 16 - 2 * gap) / 3;

/** A logarithmic scale from numbers to places. */
function scale([least, greatest], [from, to]) {
  const share = (value) => Math.log(value / least) / Math.log(greatest / least);
  return (value) => Number((from + share(value) * (to - from)).toFixed(1));
}

function text(x, y, content, more = "") {
  return `<text x="${x}" y="${y}" ${more}>${content}</text>`;
}

function line(x1, y1, x2, y2, more) {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${more}/>`;
}

function marker(shape, x, y, colour) {
  return shape === "circle"
    ? `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`
    : `<rect x="${x - 3.2}" y="${y - 3.2}" width="6.4" height="6.4" fill="${colour}"/>`;
}

/** The part of a straight line that has the given slope and lies within the panel. */
function guide({ slope }, [least, greatest], through, range, x, y) {
  const at = (value) => through.ms * (value / through.value) ** slope;
  const whereIs = (ms) => through.value * (ms / through.ms) ** (1 / slope);
  const from = Math.max(least, whereIs(range[0]));
  const to = Math.min(greatest, whereIs(range[1]));
  // Under its lower end, where nothing else is.
  const low = Math.min(bottom - 6, y(at(from)) + 16);
  const label = text(x(from) + 28, low, `slope ${slope}`, 'fill="#767676"');
  return (
    line(
      x(from),
      y(at(from)),
      x(to),
      y(at(to)),
      'stroke="#949494" stroke-width="1.2" stroke-dasharray="5 4"',
    ) + label
  );
}

function drawPanel(panel, index, { middle, rows }, range, y) {
  const own = rows.filter(({ dimension }) => dimension === panel.dimension);
  const values = own.map(({ value }) => value);
  const ends = [Math.min(...values), Math.max(...values)];
  const start = left + index * (panelWidth + gap);
  const x = scale(ends, [start + 10, start + panelWidth - 10]);
  const others = Object.keys(names).filter((name) => name !== panel.dimension);
  const fixed = others.map((name) => `${middle[name]} ${names[name]}`).join(", ");
  const parts = [
    text(start, top - 26, panel.title, 'font-weight="600" font-size="15"'),
    text(start, top - 10, fixed, 'fill="#5c5c5c"'),
    line(start, bottom, start + panelWidth, bottom, 'stroke="#5c5c5c"'),
  ];
  for (const tick of panel.ticks) {
    parts.push(line(x(tick), bottom, x(tick), bottom + 5, 'stroke="#5c5c5c"'));
    parts.push(text(x(tick), bottom + 19, tick.toLocaleString("en-GB"), 'text-anchor="middle" fill="#333"'));
  }
  parts.push(
    text(start + panelWidth / 2, bottom + 40, panel.title.toLowerCase(), 'text-anchor="middle" fill="#333"'),
  );
  for (const tick of decades(range))
    parts.push(line(start, y(tick), start + panelWidth, y(tick), 'stroke="#e6e6e6"'));
  const below = own.filter(({ place }) => place === "native").at(-1);
  // Half as long as what was measured, so that it does not cover it.
  const through = { value: below.value, ms: below.milliseconds.median / 2 };
  parts.push(guide(panel, ends, through, range, x, y));
  for (const place of Object.keys(colours)) {
    const points = own
      .filter((row) => row.place === place)
      .map(({ value, milliseconds }) => [x(value), y(milliseconds.median)]);
    const colour = colours[place];
    parts.push(
      `<polyline points="${points.map((point) => point.join(",")).join(" ")}" fill="none" stroke="${colour}" stroke-width="1.8"/>`,
      ...points.map(([across, up]) => marker(shapes[place], across, up, colour)),
    );
  }
  return parts.join("\n");
}

function decades([least, greatest]) {
  const first = Math.ceil(Math.log10(least));
  const last = Math.floor(Math.log10(greatest));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

function legend() {
  return Object.entries(colours).map(([place, colour], index) => {
    const x = width - 190 + 95 * index;
    return marker(shapes[place], x, 16, colour) + text(x + 10, 20, place, 'fill="#333"');
  });
}

function draw(scaling) {
  const times = scaling.rows.map(({ milliseconds }) => milliseconds.median);
  const range = [Math.min(...times) / 1.6, Math.max(...times) * 1.6];
  const y = scale(range, [bottom, top]);
  const labels = decades(range).map((tick) =>
    text(left - 8, y(tick) + 4, tick.toLocaleString("en-GB"), 'text-anchor="end" fill="#333"'),
  );
  const middle = (top + bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img">`,
    "<title>How the time of an iteration grows with units, trials and steps</title>",
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(
      16,
      middle,
      "ms an iteration, one thread",
      `text-anchor="middle" fill="#333" transform="rotate(-90 16 ${middle})"`,
    ),
    ...labels,
    ...legend(),
    ...panels.map((panel, index) => drawPanel(panel, index, scaling, range, y)),
    "</svg>",
    "",
  ].join("\n");
}

await main(() => {
  const target = inRoot("docs", "images", "scaling.svg");
  writeFileSync(target, draw(JSON.parse(readFileSync(inRoot("build", "scaling.json"), "utf8"))));
  say(`Drawn: ${target}`);
});
