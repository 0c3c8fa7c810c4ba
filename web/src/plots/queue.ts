/**
 * Drawings waiting for their turn: one plot a frame, so that no frame carries the work of several. A plot that asks
 * again before its turn is drawn once, with its latest data; none is drawn more often than ten times a second, and
 * one that takes long to draw is drawn less often, so that the page answers and the engine has the processor.
 */
interface Drawing {
  draw: () => void;
  /** Not before this time. */
  due: number;
}

const shortestInterval = 100;
const longestInterval = 1000;
/** A plot takes at most about this share of the time. */
const share = 0.1;

const waiting = new Map<object, Drawing>();
/** When each plot may be drawn again. */
const dues = new WeakMap<object, number>();
let framed = false;
let timer: ReturnType<typeof setTimeout> | undefined;

export function drawSoon(owner: object, draw: () => void): void {
  waiting.set(owner, { draw, due: dues.get(owner) ?? 0 });
  wake();
}

export function forgetDrawing(owner: object): void {
  waiting.delete(owner);
}

/** Asks for a frame, or for a call at the time when the first plot is due. */
function wake(): void {
  if (framed || waiting.size === 0) return;
  clearTimeout(timer);
  const wait = Math.min(...[...waiting.values()].map(({ due }) => due)) - performance.now();
  if (wait > 20) {
    timer = setTimeout(wake, wait);
    return;
  }
  framed = true;
  requestAnimationFrame(drawFirst);
}

function drawFirst(): void {
  framed = false;
  const began = performance.now();
  const ready = [...waiting].find(([, { due }]) => due <= began);
  if (ready) {
    const [owner, { draw }] = ready;
    waiting.delete(owner);
    draw();
    const took = performance.now() - began;
    dues.set(owner, began + Math.min(longestInterval, Math.max(shortestInterval, took / share)));
  }
  wake();
}
