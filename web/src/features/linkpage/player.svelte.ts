/** What the player plays: trials one after the other. */
export interface Reel {
  /** Length of the trial in ms; 0 while there is none. */
  duration: () => number;
  next: () => void;
  clock?: () => number;
  frame?: (callback: () => void) => number;
  cancel?: (frame: number) => void;
}

/** A trial takes as long as it does, and longer ones this long, in ms. */
const longest = 3000;
/** So long the whole trial stays before the next one comes. */
const rest = 1800;

/** Lets the trials of a network run by as they happen in time. */
export class Player {
  playing = $state(false);
  /** Where the trial stands in ms; null when all of it is shown. */
  time = $state<number | null>(null);

  readonly #reel: Required<Reel>;
  #began = 0;
  #frame = 0;

  constructor(reel: Reel) {
    this.#reel = {
      clock: () => performance.now(),
      frame: (callback) => requestAnimationFrame(callback),
      cancel: (frame) => {
        cancelAnimationFrame(frame);
      },
      ...reel,
    };
  }

  /** Goes on from where it stands. */
  play(): void {
    if (this.playing) return;
    this.playing = true;
    this.#began = this.#reel.clock() - this.#shown(this.time ?? 0);
    this.#advance();
  }

  pause(): void {
    this.playing = false;
    this.#reel.cancel(this.#frame);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Another trial: begins at its start where it plays, and is shown whole where it does not. */
  rewind(): void {
    this.time = this.playing ? 0 : null;
    this.#began = this.#reel.clock();
  }

  /** Playing time of so much of a trial. */
  #shown(time: number): number {
    const duration = this.#reel.duration();
    return duration > longest ? (time * longest) / duration : time;
  }

  #advance(): void {
    if (!this.playing) return;
    const duration = this.#reel.duration();
    const since = this.#reel.clock() - this.#began;
    const length = Math.min(longest, duration);
    if (duration === 0) this.#began = this.#reel.clock();
    else if (since >= length + rest) {
      this.rewind();
      this.#reel.next();
    } else this.time = since >= length ? null : (since * duration) / length;
    this.#frame = this.#reel.frame(() => {
      this.#advance();
    });
  }
}
