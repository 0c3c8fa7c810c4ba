import { newRun } from "../../state/moment";
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import {
  isUnreadable,
  readRun,
  readSummary,
  type Content,
  type Parts,
  type Run,
  type Summary,
  type Unreadable,
} from "./run";

/** A run was not written: it is not there as its summary was read or written last, since another tab wrote it. */
export class WrittenElsewhere extends Error {}

/** Where runs are kept. Each call does all that it says, or nothing. */
export interface RunStore {
  /** Why runs do not outlive the tab here, in a sentence; null where they do. */
  readonly passing: string | null;
  /** Keeps a run, and says that it is the one to come back to. Answers its summary as it is kept, by which it is written the next time. */
  save(run: Run): Promise<Summary>;
  /** Keeps a run beside the one to come back to. */
  add(run: Run): Promise<Summary>;
  list(): Promise<(Summary | Unreadable)[]>;
  get(id: string): Promise<Run | Unreadable | null>;
  remove(id: string): Promise<void>;
  /** The run to come back to. */
  last(): Promise<string | null>;
  forgetLast(): Promise<void>;
}

/** The storage that the browser allows the page, and whether it lasts; null where it does not say. */
export interface Space {
  /** In bytes. */
  quota: number | null;
  /** Whether the browser keeps it even when space runs short. */
  lasting: boolean | null;
}

/** What the browser says of the storage; it may not say anything. */
export async function browserSpace(): Promise<Space> {
  const [estimate, lasting] = await Promise.all([
    askStorage((storage) => storage.estimate()),
    askStorage((storage) => storage.persisted()),
  ]);
  return { quota: estimate?.quota ?? null, lasting };
}

/** What the storage manager answers; null where there is none, or it refuses, which it may do at once. */
export async function askStorage<T>(question: (storage: StorageManager) => Promise<T>): Promise<T | null> {
  // Pages without encryption have none, whatever the types say.
  const { storage } = navigator as { storage?: StorageManager };
  try {
    return storage ? await question(storage) : null;
  } catch {
    return null;
  }
}

/** The newest first; what cannot be read comes last. */
export function inOrder(runs: (Summary | Unreadable)[]): (Summary | Unreadable)[] {
  const changed = (run: Summary | Unreadable) => (isUnreadable(run) ? -1 : run.changed);
  return [...runs].sort((a, b) => changed(b) - changed(a));
}

interface Schema extends DBSchema {
  summaries: { key: string; value: Summary };
  contents: { key: string; value: Content };
  /** Keys: run, name of the part. */
  parts: { key: [string, string]; value: Parts[string] };
  page: { key: "last"; value: string };
}

const stores = ["summaries", "contents", "parts", "page"] as const;

function partsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id, ""], [id, "\uffff"]);
}

/** Of what fails in a transaction the first failure is told; that all else fails with it is no news. */
function quiet<T>(request: Promise<T>): Promise<T> {
  request.catch(() => undefined);
  return request;
}

function abort(transaction: { abort: () => void }): void {
  try {
    transaction.abort();
  } catch {
    // It is over already.
  }
}

class DatabaseStore implements RunStore {
  readonly passing = null;
  #database: Promise<IDBPDatabase<Schema>> | null = null;
  /** The parts of each run as they stand in the database, and when that was so: only others are written. */
  readonly #written = new Map<string, { stamp: string | undefined; parts: Parts }>();

  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** The database; one that the browser closed is opened again. */
  async open(): Promise<IDBPDatabase<Schema>> {
    this.#database ??= openDB<Schema>(this.#name, 1, {
      upgrade(database) {
        for (const store of stores)
          database.createObjectStore(store, store === "page" || store === "parts" ? {} : { keyPath: "id" });
      },
      // A newer page waits, or the person deletes what is kept.
      blocking: () => {
        void this.#close();
      },
      terminated: () => {
        this.#database = null;
      },
    });
    try {
      return await this.#database;
    } catch (error) {
      this.#database = null;
      throw error;
    }
  }

  async #close(): Promise<void> {
    const database = await this.#database;
    this.#database = null;
    database?.close();
  }

  save(run: Run): Promise<Summary> {
    return this.#put(run, true);
  }

  add(run: Run): Promise<Summary> {
    return this.#put(run, false);
  }

  async #put({ summary, content, parts }: Run, last: boolean): Promise<Summary> {
    const { id } = summary;
    const database = await this.open();
    const cached = this.#written.get(id);
    const written = cached && cached.stamp === summary.stamp ? cached.parts : null;
    const kept = { ...summary, stamp: newRun() };
    const transaction = database.transaction(stores, "readwrite");
    const summaries = transaction.objectStore("summaries");
    const held = transaction.objectStore("parts");
    const changes: Promise<unknown>[] = [quiet(transaction.done)];
    // One by one: the next request may fail at once.
    const ask = <T>(request: Promise<T>): Promise<T> => {
      changes.push(quiet(request));
      return request;
    };
    const put = (those: Parts) => {
      for (const [key, part] of Object.entries(those)) void ask(held.put(part, [id, key]));
    };
    try {
      // All is asked for at once, since the page may be closing, and taken back where another tab wrote.
      const asked = ask(summaries.get(id));
      void ask(summaries.put(kept));
      void ask(transaction.objectStore("contents").put(content));
      if (last) void ask(transaction.objectStore("page").put(id, "last"));
      if (!written) void ask(held.delete(partsOf(id)));
      put(Object.fromEntries(Object.entries(parts).filter(([key, part]) => written?.[key] !== part)));
      for (const key of Object.keys(written ?? {})) if (!(key in parts)) void ask(held.delete([id, key]));
      const found = await asked;
      if (found && found.stamp !== summary.stamp) throw new WrittenElsewhere("Another tab has written it.");
      // Another tab deleted it, and what was written of it before.
      if (!found && written) put(parts);
      await Promise.all(changes);
    } catch (error) {
      // Nothing of it is kept.
      this.#written.delete(id);
      abort(transaction);
      throw error;
    }
    this.#written.set(id, { stamp: kept.stamp, parts });
    return kept;
  }

  async list(): Promise<(Summary | Unreadable)[]> {
    const transaction = (await this.open()).transaction("summaries");
    const [keys, values] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
    return inOrder(keys.map((id, index) => readSummary(id, values[index])));
  }

  async get(id: string): Promise<Run | Unreadable | null> {
    const transaction = (await this.open()).transaction(["summaries", "contents", "parts"]);
    const held = transaction.objectStore("parts");
    const [summary, content, keys, values] = await Promise.all([
      transaction.objectStore("summaries").get(id),
      transaction.objectStore("contents").get(id),
      held.getAllKeys(partsOf(id)),
      held.getAll(partsOf(id)),
    ]);
    if (summary === undefined && content === undefined) return null;
    const run = readRun(
      id,
      summary,
      content,
      Object.fromEntries(keys.map(([, key], index) => [key, values[index]])),
    );
    if (!isUnreadable(run)) this.#written.set(id, { stamp: run.summary.stamp, parts: run.parts });
    return run;
  }

  async remove(id: string): Promise<void> {
    this.#written.delete(id);
    const transaction = (await this.open()).transaction(stores, "readwrite");
    const page = transaction.objectStore("page");
    const last = await page.get("last");
    await Promise.all([
      transaction.objectStore("summaries").delete(id),
      transaction.objectStore("contents").delete(id),
      transaction.objectStore("parts").delete(partsOf(id)),
      ...(last === id ? [page.delete("last")] : []),
      transaction.done,
    ]);
  }

  async last(): Promise<string | null> {
    const id: unknown = await (await this.open()).get("page", "last");
    return typeof id === "string" ? id : null;
  }

  async forgetLast(): Promise<void> {
    await (await this.open()).delete("page", "last");
  }
}

/** Keeps runs as long as the tab is there. */
export class PassingStore implements RunStore {
  readonly passing: string;
  readonly #runs = new Map<string, Run>();
  #last: string | null = null;

  constructor(passing: string) {
    this.passing = passing;
  }

  save(run: Run): Promise<Summary> {
    this.#last = run.summary.id;
    return this.add(run);
  }

  add(run: Run): Promise<Summary> {
    this.#runs.set(run.summary.id, run);
    return Promise.resolve(run.summary);
  }

  list(): Promise<Summary[]> {
    return Promise.resolve(inOrder([...this.#runs.values()].map(({ summary }) => summary)) as Summary[]);
  }

  get(id: string): Promise<Run | null> {
    return Promise.resolve(this.#runs.get(id) ?? null);
  }

  remove(id: string): Promise<void> {
    this.#runs.delete(id);
    if (this.#last === id) this.#last = null;
    return Promise.resolve();
  }

  last(): Promise<string | null> {
    return Promise.resolve(this.#last);
  }

  forgetLast(): Promise<void> {
    this.#last = null;
    return Promise.resolve();
  }
}

const closes =
  "Your runs are gone when this tab is closed or reloaded; save what you want to keep as a file.";

/** The browser's database, or a store that passes with the tab where the browser refuses one. */
export async function openStore(name = "nullcline"): Promise<RunStore> {
  try {
    // Asking whether it is there may be refused, too.
    if (typeof indexedDB === "undefined")
      return new PassingStore(`This browser keeps nothing for the page, as in a private window. ${closes}`);
    const store = new DatabaseStore(name);
    await store.open();
    return store;
  } catch (error) {
    const isNewer = error instanceof DOMException && error.name === "VersionError";
    return new PassingStore(
      isNewer
        ? `Your runs were kept by a newer version of this page: reload it to see them. ${closes}`
        : `This browser does not let the page keep anything, as in a private window. ${closes}`,
    );
  }
}
