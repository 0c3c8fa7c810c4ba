/**
 * Drawings waiting for their turn: one plot a frame, so that no frame carries the work of several. A plot that asks
 * again before its turn is drawn once, with its latest data.
 */
const waiting = new Map<object, () => void>();
let asked = false;

export function drawSoon(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  ask();
}

export function forgetDrawing(owner: object): void {
  waiting.delete(owner);
}

function ask(): void {
  if (asked || waiting.size === 0) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    const next = waiting.entries().next().value;
    if (next) {
      waiting.delete(next[0]);
      next[1]();
    }
    ask();
  });
}
