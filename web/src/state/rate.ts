/** Trials per second and time left, over the last few seconds of training. */
export class RateMeter {
  #points: { time: number; trials: number }[] = [];

  readonly #window: number;

  constructor(window = 3000) {
    this.#window = window;
  }

  /** Forgets the past: after a pause the clock has run on without any training. */
  restart(time: number, trials: number): void {
    this.#points = [{ time, trials }];
  }

  add(time: number, trials: number): void {
    this.#points.push({ time, trials });
    while (this.#points.length > 2 && time - (this.#points[1]?.time ?? time) >= this.#window)
      this.#points.shift();
  }

  /** Trials per second; null until there is enough to tell. */
  rate(): number | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last || last.time - first.time < 100 || last.trials <= first.trials) return null;
    return (1000 * (last.trials - first.trials)) / (last.time - first.time);
  }

  /** Milliseconds until so many trials are done; null while the rate is not known. */
  timeLeft(trials: number): number | null {
    const rate = this.rate();
    return rate === null ? null : (1000 * Math.max(0, trials)) / rate;
  }
}
