/**
 * Wraps `work` so that one run is under way at a time: calls that come meanwhile are answered by one more run after it,
 * with whatever is the latest state then.
 */
export function latest(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again: Promise<void> | null = null;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    again ??= running
      .catch(() => undefined)
      .then(() => {
        again = null;
        return start();
      });
    return again;
  };
}
