/** One tab writes a run at a time: the one that holds it. */

export interface Holding {
  /** Holds a run, and lets go of the one that was held; false where another tab holds it. Waits so many ms for it. */
  take(id: string, wait?: number): Promise<boolean>;
  /** Whether this tab holds the run. */
  holds(id: string): boolean;
  /** The runs that other tabs hold. */
  elsewhere(): Promise<string[]>;
}

const prefix = "nullcline run ";

/** By the browser's locks, which end with their tab, however it ends. */
export class LockHolding implements Holding {
  #held: { id: string; release: () => void } | null = null;

  readonly #locks: LockManager;

  constructor(locks: LockManager) {
    this.#locks = locks;
  }

  holds(id: string): boolean {
    return this.#held?.id === id;
  }

  async take(id: string, wait = 0): Promise<boolean> {
    if (this.holds(id)) return true;
    const release = await this.#request(id, wait);
    if (!release) return false;
    this.#held?.release();
    this.#held = { id, release };
    return true;
  }

  /** Resolves with what lets go of the lock, or with null where another tab has it. */
  #request(id: string, wait: number): Promise<(() => void) | null> {
    return new Promise((resolve) => {
      const options: LockOptions = wait > 0 ? { signal: AbortSignal.timeout(wait) } : { ifAvailable: true };
      this.#locks
        .request(prefix + id, options, (lock) => {
          if (!lock) {
            resolve(null);
            return undefined;
          }
          return new Promise<void>((release) => {
            resolve(release);
          });
        })
        .catch((error: unknown) => {
          // A browser that refuses all locks refuses them to every tab: each takes what it wants.
          resolve(isTimeout(error) ? null : () => undefined);
        });
    });
  }

  async elsewhere(): Promise<string[]> {
    const { held = [] } = await this.#locks.query().catch((): LockManagerSnapshot => ({}));
    const ids = held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
    return ids.filter((id) => !this.holds(id));
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && ["TimeoutError", "AbortError"].includes(error.name);
}

/** Where the browser has no locks, each tab takes what it wants. */
export class FreeHolding implements Holding {
  #held = "";

  take(id: string): Promise<boolean> {
    this.#held = id;
    return Promise.resolve(true);
  }

  holds(id: string): boolean {
    return this.#held === id;
  }

  elsewhere(): Promise<string[]> {
    return Promise.resolve([]);
  }
}

export function holding(): Holding {
  // Pages without encryption have none, whatever the types say.
  const { locks } = navigator as { locks?: LockManager };
  return locks ? new LockHolding(locks) : new FreeHolding();
}
