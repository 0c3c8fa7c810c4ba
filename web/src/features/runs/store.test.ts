import "fake-indexeddb/auto";
import { openDB } from "idb";
import { describe, expect, it, vi } from "vitest";
import type { Moment } from "../../state/moment";
import { copyOf, isUnreadable, momentOf, renamed, runOf, thumbnailOf, type Run, type Summary } from "./run";
import { openStore, PassingStore, WrittenElsewhere, type RunStore } from "./store";

let databases = 0;
const fresh = () => `test ${++databases}`;

const matrix = { rows: 1, columns: 2, data: Float32Array.of(1, 2) };

function momentAt(iteration: number, run = "a"): Moment {
  return {
    run,
    draft: { nullcline: 1, name: "Mine", task: { type: "Choice", file: "w.npz" } },
    files: { "w.npz": Uint8Array.of(7, 8) },
    touched: true,
    sharing: {},
    lesion: { units: [1], window: [100, 200], connectivity: Float32Array.of(1, 0) },
    network: {
      document: { nullcline: 1 },
      resolved: { nullcline: 1, seed: 1 },
      state: Uint8Array.of(iteration),
      start: { base: { W_rec: matrix }, weightsBefore: null, rawBefore: { W_rec: matrix } },
      iteration,
      iterations: 100,
      hash: "0123",
      history: [{ iteration: 10, loss: 0.5, accuracy: 0.75 }],
      before: { count: 8, scored: 8, correct: 4, accuracy: 0.5, loss: 1 },
      now: null,
    },
  };
}

const runAt = (iteration: number, run = "a", time = 1000 + iteration): Run =>
  runOf(momentAt(iteration, run), time, null);

/** The same run, further on, as the tab writes it that wrote it before. */
const further = (iteration: number, { stamp }: Summary): Run => {
  const run = runAt(iteration);
  return { ...run, summary: { ...run.summary, stamp } };
};

function read(run: Awaited<ReturnType<RunStore["get"]>>): Run {
  if (!run || isUnreadable(run)) throw new Error("The run cannot be read.");
  return run;
}

const kinds: [string, () => Promise<RunStore>][] = [
  ["the browser's database", () => openStore(fresh())],
  ["the store that passes with the tab", () => Promise.resolve(new PassingStore("It passes."))],
];

describe.each(kinds)("%s", (_, open) => {
  it("gives back what it was given, and the run that was saved last", async () => {
    const store = await open();
    expect(await store.list()).toEqual([]);
    expect(await store.get("a")).toBeNull();
    const kept = await store.save(runAt(20));
    await store.save(runAt(40, "b"));
    await store.save(further(30, kept));
    await store.add(runAt(50, "c"));
    expect((await store.list()).map(({ id }) => id)).toEqual(["c", "b", "a"]);
    expect(await store.last()).toBe("a");
    expect(momentOf(read(await store.get("a")))).toEqual({
      ...momentAt(30),
      network: { ...momentAt(30).network, history: [] },
    });
  });

  it("removes a run whole, and does not come back to it", async () => {
    const store = await open();
    await store.save(runAt(20));
    await store.remove("a");
    expect(await store.list()).toEqual([]);
    expect(await store.get("a")).toBeNull();
    expect(await store.last()).toBeNull();
    await store.save(runAt(20));
    await store.forgetLast();
    expect(await store.last()).toBeNull();
  });
});

describe("the browser's database", () => {
  it("outlives its page, and drops the parts that a run has no more", async () => {
    const name = fresh();
    const store = await openStore(name);
    expect(store.passing).toBeNull();
    const kept = await store.save(runAt(20));
    await store.save({ ...further(30, kept), parts: {} });
    const again = await openStore(name);
    expect(read(await again.get("a")).parts).toEqual({});
    expect(read(await again.get("a")).summary.iteration).toBe(30);
  });

  it("keeps the last whole save where one fails half-way", async () => {
    const store = await openStore(fresh());
    const first = await store.save(runAt(20));
    const next = further(30, first);
    // A function cannot be written.
    const broken = { ...next, parts: { ...next.parts, "file:x": (() => undefined) as never } };
    await expect(store.save(broken)).rejects.toThrow();
    const kept = read(await store.get("a"));
    expect(kept.summary.iteration).toBe(20);
    expect(kept.content.network?.state).toEqual(Uint8Array.of(20));
    await store.save(further(40, first));
    expect(read(await store.get("a")).summary.iteration).toBe(40);
  });

  it("tells what fails at once, and leaves nothing else to fail unheard", async () => {
    const store = await openStore(fresh());
    const first = await store.save(runAt(20));
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on("unhandledRejection", hear);
    const next = further(30, first);
    const broken = { ...next, content: { ...next.content, draft: { a: (() => undefined) as never } } };
    await expect(store.save(broken)).rejects.toThrow();
    // Node tells of what nobody has heard after the task at hand.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", hear);
    expect(unheard).toEqual([]);
    expect(read(await store.get("a")).summary.iteration).toBe(20);
  });

  it("lets no tab write over what another wrote, whatever it read since", async () => {
    const name = fresh();
    const [one, other] = [await openStore(name), await openStore(name)];
    const first = await one.save(runAt(20));
    const { summary } = read(await other.get("a"));
    const second = await other.save({ ...further(90, summary), parts: {} });
    await one.get("a");
    for (const stale of [further(30, first), runAt(30)]) {
      await expect(one.save(stale)).rejects.toBeInstanceOf(WrittenElsewhere);
      await expect(one.add(stale)).rejects.toBeInstanceOf(WrittenElsewhere);
    }
    const kept = read(await one.get("a"));
    expect([kept.summary.iteration, kept.content.network?.iteration]).toEqual([90, 90]);
    expect(kept.parts).toEqual({});
    await other.save(further(95, second));
    expect(read(await one.get("a")).parts).toEqual(runAt(95).parts);
  });

  it("writes a run whole that another tab has deleted", async () => {
    const name = fresh();
    const [one, other] = [await openStore(name), await openStore(name)];
    const run = runAt(20);
    const first = await one.save(run);
    await other.remove("a");
    // Its parts are those that this tab wrote already.
    await one.save({ ...further(30, first), parts: run.parts });
    expect(momentOf(read(await other.get("a"))).files).toEqual(momentAt(30).files);
  });

  it("says in a sentence what is of a newer version, or damaged, and deletes it", async () => {
    const name = fresh();
    const store = await openStore(name);
    for (const id of ["newer", "older", "broken", "half", "odd"]) await store.add(runAt(20, id));
    const database = await openDB(name);
    const change = async (kind: string, id: string, change: (value: Summary) => unknown) =>
      database.put(kind, change((await database.get(kind, id)) as Summary));
    await change("summaries", "newer", (summary) => ({ ...summary, version: 2, more: [] }));
    await change("summaries", "older", (summary) => ({ ...summary, version: 0 }));
    await change("summaries", "broken", ({ id }) => ({ id, name: 7 }));
    await database.delete("contents", "half");
    await database.put("parts", { base: { W_rec: { rows: 9, columns: 9, data: new Float32Array(2) } } }, [
      "odd",
      "start",
    ]);
    const list = await store.list();
    expect(
      list
        .filter(isUnreadable)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["broken", "newer", "older"]);
    for (const [id, words] of [
      ["newer", "newer version"],
      ["older", "damaged"],
      ["broken", "damaged"],
      ["half", "damaged"],
      ["odd", "damaged"],
    ] as const) {
      expect(await store.get(id)).toMatchObject({ id, unreadable: expect.stringContaining(words) as string });
      await store.remove(id);
    }
    expect(await store.list()).toEqual([]);
  });

  it("makes way for one that passes where the browser refuses it, or a newer page was here", async () => {
    const name = fresh();
    (await openDB(name, 9)).close();
    expect((await openStore(name)).passing).toMatch(/newer version.*reload/);
    const refused = vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new DOMException("No.", "SecurityError");
    });
    expect((await openStore(fresh())).passing).toContain("does not let the page keep anything");
    refused.mockRestore();
    const whole = Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
    Object.defineProperty(globalThis, "indexedDB", {
      configurable: true,
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
    expect((await openStore(fresh())).passing).toContain("does not let the page keep anything");
    if (whole) Object.defineProperty(globalThis, "indexedDB", whole);
    vi.stubGlobal("indexedDB", undefined);
    expect((await openStore(fresh())).passing).toContain("private window");
    vi.unstubAllGlobals();
  });
});

describe("what is told of a run", () => {
  it("is its stand, and its accuracy on fresh trials where they were tested", () => {
    expect(runAt(20).summary).toMatchObject({
      name: "Mine",
      task: "Choice",
      iteration: 20,
      iterations: 100,
      accuracy: 0.75,
      hash: "0123",
    });
    expect(runAt(0).summary.accuracy).toBe(0.5);
    const { network, ...rest } = momentAt(20);
    const now = { count: 8, scored: 8, correct: 7, accuracy: 0.875, loss: 1, iteration: 20 };
    expect(runOf({ ...rest, network: network && { ...network, now } }, 0, null).summary.accuracy).toBe(0.875);
    expect(runOf({ ...rest, network: null }, 0, null).summary).toMatchObject({
      iteration: 0,
      accuracy: null,
    });
  });

  it("keeps the time when it was made", () => {
    const { summary } = runAt(10, "a", 5);
    expect(runOf(momentAt(20), 9, summary).summary).toMatchObject({ created: 5, changed: 9 });
  });

  it("has a curve of a few points: of accuracy, or of loss where nothing is scored", () => {
    expect(thumbnailOf([])).toEqual([]);
    const history = Array.from({ length: 500 }, (_, iteration) => ({
      iteration,
      loss: 2 - iteration / 250,
      accuracy: iteration / 500,
    }));
    const curve = thumbnailOf(history);
    expect(curve).toHaveLength(48);
    expect(curve[0]).toBeLessThan(0.02);
    expect(curve[47]).toBeGreaterThan(0.98);
    const unscored = thumbnailOf(history.map((point) => ({ ...point, accuracy: NaN })));
    expect(unscored[0]).toBeGreaterThan(0.98);
    expect(unscored[47]).toBeLessThan(0.02);
  });

  it("is copied and renamed with its document", () => {
    expect(renamed(runAt(1), "Other").content.draft.name).toBe("Other");
    expect(renamed(runAt(1), "").content.draft).not.toHaveProperty("name");
    const copy = copyOf(runAt(1), "b", 9);
    expect(copy.summary).toMatchObject({ id: "b", name: "Mine (copy)", created: 9 });
    expect(copy.content).toMatchObject({ id: "b", draft: { name: "Mine (copy)" } });
  });
});
