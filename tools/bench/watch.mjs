// Runs in the page before anything of its own, and notes the moments that tools/bench/page.mjs asks for; in
// milliseconds since the navigation.
/* global document, window, MutationObserver */

export function watch({ pressAtOnce }) {
  const record = {
    /** Train can be pressed; it was pressed; the first iteration is shown; the last one is. */
    ready: null,
    pressed: null,
    first: null,
    finished: null,
    /** When a plot was drawn, which one, and whether for the first time. */
    drawings: [],
    longTasks: [],
    /** Frames that took long, with the scripts in them: the only attribution that browsers give. */
    frames: [],
  };
  window.benchRecord = record;

  const now = () => performance.now();
  const trainButton = () =>
    [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === "Train");
  const isOn = (button) => !button.disabled && button.getAttribute("aria-disabled") !== "true";

  const noteReady = () => {
    const button = trainButton();
    if (!button || !isOn(button)) return;
    record.ready = now();
    button.addEventListener("click", () => (record.pressed ??= now()), { capture: true, once: true });
    if (pressAtOnce) button.click();
  };
  const noteProgress = () => {
    const bar = document.querySelector("[role=progressbar]");
    const iteration = Number(bar?.getAttribute("aria-valuenow") ?? 0);
    if (iteration < 1) return;
    record.first ??= now();
    if (iteration === Number(bar.getAttribute("aria-valuemax"))) record.finished ??= now();
  };
  const drawnBefore = new Set();
  const titleOf = (plot) =>
    plot.closest("section, article, figure")?.querySelector("h2, h3")?.textContent.trim() ?? "a plot";
  const noteDrawings = (changes) => {
    const drawn = new Set(changes.map(({ target }) => target.closest?.("[role=img]")).filter(Boolean));
    for (const plot of drawn) {
      record.drawings.push({ at: now(), title: titleOf(plot), first: !drawnBefore.has(plot) });
      drawnBefore.add(plot);
    }
  };
  // Called at the end of the task that made the changes.
  new MutationObserver((changes) => {
    if (record.ready === null) noteReady();
    if (record.pressed !== null && record.finished === null) noteProgress();
    // New numbers in a plot change the shape of its lines, a whole plot drawn changes its elements.
    noteDrawings(changes.filter(({ type, attributeName }) => type === "childList" || attributeName === "d"));
  }).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ["disabled", "aria-disabled", "aria-valuenow", "d"],
  });

  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe("longtask", ({ startTime, duration }) => record.longTasks.push({ at: startTime, duration }));
  observe("long-animation-frame", ({ startTime, duration, scripts }) =>
    record.frames.push({
      at: startTime,
      duration,
      scripts: scripts.map(({ startTime: at, duration: took, invoker, sourceURL, sourceFunctionName }) => ({
        at,
        duration: took,
        invoker,
        file: sourceURL.split("/").pop(),
        function: sourceFunctionName,
      })),
    }),
  );
}
