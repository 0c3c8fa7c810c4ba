/** Remembers the run of this tab, which a reload comes back to whatever other tabs did meanwhile. */
export interface TabMemory {
  get(): string | null;
  set(id: string | null): void;
}

const key = "nullcline run";

/** The browser may refuse; the tab then comes back to the run that was saved last. */
export const sessionMemory: TabMemory = {
  get() {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(id) {
    try {
      if (id === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, id);
    } catch {
      // Nothing is lost by it.
    }
  },
};
