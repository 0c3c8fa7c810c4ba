import { describe, expect, it, vi } from "vitest";
import { settled, started } from "../../testing/started";
import { FakeEngine } from "../../testing/fake-engine";
import { Lab } from "../../state/lab.svelte";
import { Steps } from "../undo/steps.svelte";
import { FreeHolding, LockHolding, type Holding } from "./holding";
import { isUnreadable, type Summary } from "./run";
import { Runs, saveInterval } from "./runs.svelte";
import { PassingStore, WrittenElsewhere, type RunStore } from "./store";
import { emptySentence, leadSentence, spaceSentence } from "./list-words";
import type { News } from "./news";
import { runName } from "./words";

/** A store that outlives the page, as the browser's does. */
class LastingStore extends PassingStore {
  override readonly passing = null as unknown as string;
}

interface Given {
  store?: RunStore;
  holding?: Holding;
  tab?: { id: string | null };
  news?: News;
  /** Is done while the page loads, again and again. */
  meanwhile?: (lab: Lab) => void;
}

/** A page; another one over the same store is what the person sees who comes back. */
async function page({
  store = new LastingStore(""),
  holding = new FreeHolding(),
  tab = { id: null },
  news,
  meanwhile = () => undefined,
}: Given = {}) {
  const engine = new FakeEngine();
  const lab = new Lab({
    connect: () => {
      meanwhile(lab);
      return Promise.resolve(engine);
    },
    frame: (callback) => {
      callback();
    },
  });
  let time = 0;
  const delayed: (() => void)[] = [];
  const memory = { get: () => tab.id, set: (id: string | null) => (tab.id = id) };
  const runs = new Runs({
    lab,
    store: Promise.resolve(store),
    holding,
    tab: memory,
    ...(news && { news }),
    clock: () => (time += 1000),
    later: (action) => delayed.push(action),
  });
  lab.first = () => {
    meanwhile(lab);
    return runs.comeBack();
  };
  await lab.start();
  await settled();
  const passes = async () => {
    delayed.splice(0).forEach((action) => {
      action();
    });
    await settled();
  };
  const session = () => {
    if (!engine.session) throw new Error("There is no session.");
    return engine.session;
  };
  /** Trains up to an iteration. */
  const trainTo = async (iteration: number) => {
    session().between = () => {
      if (session().iteration >= iteration) void lab.pause();
      return Promise.resolve();
    };
    await lab.train();
    await settled();
  };
  return { lab, runs, engine, session, store, tab, passes, trainTo };
}

async function summaries(store: RunStore): Promise<Summary[]> {
  const list = await store.list();
  return list.filter((run): run is Summary => !isUnreadable(run));
}

describe("saving", () => {
  it("keeps nothing of what was only looked at", async () => {
    const { lab, store, passes } = await page();
    lab.newTrials();
    await lab.replace({ ...lab.draft, name: "Example", seed: 3 });
    await passes();
    expect(await store.list()).toEqual([]);
  });

  it("keeps an experiment that was edited and not trained", async () => {
    const { lab, store, passes } = await page();
    lab.edit({ ...lab.draft, name: "Mine", seed: 3 });
    await passes();
    expect(await summaries(store)).toMatchObject([{ name: "Mine", iteration: 0, iterations: 100 }]);
    const second = await page({ store });
    expect(second.lab.draft).toMatchObject({ name: "Mine", seed: 3 });
    expect(second.runs.sentence).toBe("Your run of “Mine” is here as you left it, not trained yet.");
  });

  it("saves as training begins, while it goes on, and at its end", async () => {
    const { lab, store, session } = await page();
    const seen: number[] = [];
    session().between = async () => {
      await settled();
      seen.push((await summaries(store))[0]?.iteration ?? 0);
    };
    await lab.train();
    await settled();
    expect(seen[0]).toBe(0);
    expect(seen.filter((iteration, index) => iteration > (seen[index - 1] ?? 0)).length).toBeGreaterThan(2);
    expect(await summaries(store)).toMatchObject([{ iteration: 100, accuracy: 1 }]);
  });

  it("takes less than a fiftieth of the time, of large networks too", () => {
    for (const megabytes of [0.05, 0.8, 3, 50]) {
      const slow = 2 + 20 * megabytes;
      expect(slow / saveInterval(megabytes * 1e6)).toBeLessThan(0.022);
    }
  });

  it("says what cannot be saved, while training goes on, and takes it back when it can", async () => {
    const { lab, runs, store, trainTo } = await page();
    const save = vi.spyOn(store, "save").mockRejectedValue(new DOMException("", "QuotaExceededError"));
    await trainTo(30);
    expect(lab.iteration).toBe(30);
    expect(runs.unsaved).toMatch(/storage for this page is full.*Training goes on\. Delete runs/);
    save.mockRejectedValue(new Error("Disk on fire."));
    await trainTo(50);
    expect(runs.unsaved).toContain("failed (Disk on fire)");
    save.mockRestore();
    await trainTo(80);
    expect(runs.unsaved).toBe("");
    expect(await summaries(store)).toMatchObject([{ iteration: 80 }]);
  });

  it("says once that a private window keeps nothing", async () => {
    const { runs, trainTo } = await page({ store: new PassingStore("Nothing is kept.") });
    expect(runs.passing).toBe("");
    await trainTo(10);
    expect(runs.passing).toBe("Nothing is kept.");
    expect(runs.atRisk).toBe(true);
    runs.passing = "";
    await trainTo(20);
    expect(runs.passing).toBe("");
  });
});

describe("coming back", () => {
  it("goes on where the run was saved last, with its curve and its tests", async () => {
    const first = await page();
    first.lab.edit({ ...first.lab.draft, name: "Mine" });
    await first.trainTo(40);
    const { before, now } = first.lab;
    const { lab, runs, trainTo } = await page({ store: first.store });
    expect(lab.iteration).toBe(40);
    expect(lab.activity).toBe("idle");
    expect(lab.history.map(({ iteration }) => iteration)).toEqual([40]);
    expect(lab.before).toEqual(before);
    expect(lab.now).toEqual(now);
    expect(runs.sentence).toBe("Your run of “Mine” stands at iteration 40 of 100. Train goes on.");
    await trainTo(1000);
    expect(lab.finished).toBe(true);
    expect(runs.sentence).toBe("");
    expect(await summaries(first.store)).toMatchObject([{ iteration: 100 }]);
  });

  it("comes back to it whatever was typed before it was there, and nothing of that can be undone", async () => {
    const first = await page();
    first.lab.rename("Mine");
    await first.trainTo(40);
    const typed: boolean[] = [];
    let steps: Steps | undefined;
    const meanwhile = (lab: Lab) => {
      steps ??= new Steps(lab);
      lab.rename("Typed");
      typed.push(lab.editable);
    };
    const { lab, passes } = await page({ store: first.store, meanwhile });
    expect(typed).toEqual([false, false]);
    await passes();
    expect(lab.editable).toBe(true);
    expect([lab.iteration, lab.draft.name]).toEqual([40, "Mine"]);
    expect(steps?.last).toBeNull();
    expect(await summaries(first.store)).toMatchObject([{ name: "Mine", iteration: 40 }]);
  });

  it("has the change that waited for an answer, the files and the weights that it began with", async () => {
    const first = await page();
    first.lab.addFile("w.npz", Uint8Array.of(5));
    first.lab.edit({ ...first.lab.draft, task: { type: "Choice", file: "w.npz" } });
    await settled();
    await first.lab.setWeights({ W_rec: { rows: 1, columns: 1, data: [7] } });
    await first.trainTo(20);
    first.lab.edit({ ...first.lab.draft, seed: 9 });
    await first.passes();
    expect(first.lab.pending).toBe(true);
    const { lab, engine } = await page({ store: first.store });
    expect(lab.iteration).toBe(20);
    expect(lab.pending).toBe(true);
    expect(lab.draft.seed).toBe(9);
    expect(engine.files).toEqual({ "w.npz": Uint8Array.of(5) });
    expect(engine.calls).toContain("setWeights");
  });

  it("has the fields hidden and locked that a link did", async () => {
    const first = await page();
    const sharing = { hidden: ["network"], locked: ["training.learning_rate"] };
    await first.lab.replace({ ...first.lab.draft, seed: 5 }, undefined, sharing);
    await first.trainTo(40);
    const again = await page(first);
    expect(again.lab.iteration).toBe(first.lab.iteration);
    expect(again.lab.sharing).toEqual(sharing);
    again.lab.sharing = {};
    await again.trainTo(60);
    expect((await page(again)).lab.sharing).toEqual({});
  });

  it("has the lesion that was shown, and none where it was taken back", async () => {
    const first = await page();
    await first.trainTo(30);
    const lesion = { units: [1], window: [100, 200] as [number, number] };
    first.lab.setLesion(lesion);
    await settled();
    const { store } = first;
    const second = await page({ store });
    expect([second.lab.lesion, second.lab.shown?.lesioned === null]).toEqual([lesion, false]);
    second.lab.setLesion(null);
    await settled();
    expect((await page({ store })).lab.lesion).toBeNull();
    // Another run that is opened has its own.
    first.lab.setLesion(null);
    const [kept] = await summaries(store);
    await first.lab.replace({ ...first.lab.draft, seed: 5 });
    await first.trainTo(20);
    first.lab.setLesion({ units: [2] });
    await settled();
    await first.runs.choose(kept?.id ?? "");
    await settled();
    expect([first.lab.iteration, first.lab.lesion]).toEqual([30, null]);
  });

  it("goes on with a run that was made longer", async () => {
    const first = await page();
    await first.trainTo(1000);
    first.lab.edit({ ...first.lab.draft, training: { iterations: 140 } });
    await settled();
    await first.trainTo(120);
    const { lab, trainTo } = await page({ store: first.store });
    expect(lab.iteration).toBe(120);
    await trainTo(1000);
    expect(lab.iteration).toBe(140);
  });

  it("comes back to the tab's own run, else to the one that was saved last", async () => {
    const store = new LastingStore("");
    const tab = { id: null };
    const first = await page({ store, tab });
    await first.trainTo(10);
    const second = await page({ store });
    await second.lab.replace({ ...second.lab.draft, name: "Other" });
    await second.trainTo(20);
    expect((await page({ store, tab })).lab.iteration).toBe(10);
    expect((await page({ store })).lab.iteration).toBe(20);
    expect((await page({ store, tab: { id: "gone" } })).lab.iteration).toBe(20);
  });

  it("begins anew where the run was left for something else, and keeps it in the list", async () => {
    const first = await page();
    await first.trainTo(30);
    await first.lab.replace({ ...first.lab.draft, name: "Example" });
    await settled();
    const { lab, runs } = await page({ store: first.store });
    expect(lab.iteration).toBe(0);
    expect(runs.sentence).toBe("");
    await runs.show();
    expect(runs.list).toMatchObject([{ iteration: 30 }]);
  });

  it("keeps the saved run where the engine refuses to go on with it", async () => {
    const first = await page();
    await first.trainTo(30);
    const [kept] = await summaries(first.store);
    const run = await first.store.get(kept?.id ?? "");
    if (!run || isUnreadable(run) || !run.content.network) throw new Error("There is no run.");
    await first.store.save({
      ...run,
      content: { ...run.content, network: { ...run.content.network, state: Uint8Array.of(255) } },
    });
    const { lab, runs, passes } = await page({ store: first.store });
    expect(lab.iteration).toBe(0);
    expect(lab.trouble).toBeNull();
    expect(runs.sentence).toMatch(/cannot go on here: .*other trials.*the run stays in Runs/);
    await passes();
    expect(await summaries(first.store)).toMatchObject([{ id: kept?.id, iteration: 30 }]);
  });

  it("tells a run that cannot be read, and begins anew", async () => {
    const store = new LastingStore("");
    await store.save({ summary: { id: "x" } as Summary, content: {} as never, parts: {} });
    vi.spyOn(store, "get").mockResolvedValue({ id: "x", unreadable: "It is damaged." } as never);
    const { lab, runs } = await page({ store });
    expect(lab.document).not.toBeNull();
    expect(runs.sentence).toContain("It is damaged.");
  });

  it("begins anew where the store fails", async () => {
    const store = new LastingStore("");
    vi.spyOn(store, "last").mockRejectedValue(new Error("No."));
    const { lab } = await page({ store });
    expect(lab.document).not.toBeNull();
  });

  it("takes the run up again when the engine was lost, with the edits since", async () => {
    const { lab, engine, session, passes, runs } = await page();
    session().between = () => {
      if (session().iteration === 60) engine.dead = true;
      return settled();
    };
    await lab.train();
    expect(lab.phase).toBe("lost");
    lab.rename("Named since");
    await passes();
    engine.dead = false;
    await lab.start();
    await settled();
    expect(lab.iteration).toBeGreaterThan(0);
    expect(lab.draft.name).toBe("Named since");
    expect(runs.sentence).toContain("stands at iteration");
  });
});

describe("a tab that ends before a run was saved in its turn", () => {
  it("comes back to the network that was reset, and not to the finished run", async () => {
    const { lab, store, trainTo } = await page();
    await trainTo(1000);
    await lab.reset();
    await settled();
    const again = await page({ store });
    expect(again.lab.iteration).toBe(0);
    expect(again.runs.sentence).toMatch(/not trained yet\.$/);
    expect((await summaries(store)).map(({ iteration }) => iteration).sort()).toEqual([0, 100]);
  });

  it("comes back to a change that was applied and turned back to how the experiment was opened", async () => {
    const { lab, store, trainTo } = await page();
    const opened = lab.draft;
    lab.edit({ ...opened, seed: 8 });
    await settled();
    await trainTo(30);
    lab.edit({ ...opened });
    await settled();
    await lab.apply();
    await settled();
    const again = await page({ store });
    expect([again.lab.iteration, again.lab.draft.seed]).toEqual([0, opened.seed]);
  });

  it("comes back to what Train was pressed on, with the latest edit, though no iteration is done", async () => {
    const { lab, store, session, trainTo } = await page();
    await trainTo(1000);
    await lab.replace({ ...lab.draft, seed: 8 });
    session().train = () => new Promise(() => undefined);
    void lab.train();
    await settled();
    expect((await page({ store })).lab.draft.seed).toBe(8);
  });
});

describe("what was trained stays", () => {
  it.each<[string, (lab: Lab) => Promise<unknown>]>([
    ["reset", (lab) => lab.reset()],
    ["another document", (lab) => lab.replace({ ...lab.draft, seed: 8 })],
    ["other weights", (lab) => lab.setWeights({ W_rec: { rows: 1, columns: 1, data: [7] } })],
    [
      "a change that was applied",
      async (lab) => {
        lab.edit({ ...lab.draft, seed: 8 });
        await settled();
        await lab.apply();
      },
    ],
  ])("in the list, after %s", async (_, change) => {
    const { lab, store, trainTo } = await page();
    await trainTo(30);
    const trained = lab.run;
    await change(lab);
    await settled();
    expect(lab.run).not.toBe(trained);
    await trainTo(50);
    const kept = await summaries(store);
    expect(kept.map(({ iteration }) => iteration).sort()).toEqual([30, 50]);
    expect(kept.find(({ id }) => id === trained)?.iteration).toBe(30);
  });
});

describe("the list", () => {
  async function twoRuns() {
    const made = await page();
    made.lab.rename("First");
    await made.trainTo(30);
    await made.lab.replace({ ...made.lab.draft, name: "Second", seed: 2 });
    await made.trainTo(40);
    await made.runs.show();
    const [second, first] = made.runs.list;
    if (!first || !second) throw new Error("There are no two runs.");
    return { ...made, first: first.id, second: second.id };
  }

  it("opens another run and saves the present one first", async () => {
    const { lab, runs, trainTo, first, second } = await twoRuns();
    await trainTo(60);
    await runs.choose(first);
    await settled();
    expect(runs.open).toBe(false);
    expect(lab.draft.name).toBe("First");
    expect(lab.iteration).toBe(30);
    expect(lab.run).toBe(first);
    await trainTo(50);
    await runs.choose(second);
    await settled();
    expect(lab.iteration).toBe(60);
    await runs.show();
    expect(runs.list).toMatchObject([
      { name: "First", iteration: 50 },
      { name: "Second", iteration: 60 },
    ]);
  });

  it("asks before it opens another run where the present one cannot be saved", async () => {
    const { lab, runs, store, trainTo, first } = await twoRuns();
    vi.spyOn(store, "save").mockRejectedValue(new DOMException("", "QuotaExceededError"));
    await trainTo(60);
    await runs.choose(first);
    expect(lab.iteration).toBe(60);
    expect(runs.asked).toBe(first);
    await runs.choose(first);
    await settled();
    expect(lab.iteration).toBe(30);
  });

  it("renames, the run on the page too", async () => {
    const { lab, runs, first, second } = await twoRuns();
    await runs.rename(first, "Older");
    await runs.rename(second, "Newer");
    expect(lab.draft.name).toBe("Newer");
    expect(runs.list).toMatchObject([{ name: "Newer" }, { name: "Older" }]);
  });

  it("duplicates", async () => {
    const { lab, runs, second } = await twoRuns();
    await runs.duplicate(second);
    expect(lab.run).toBe(second);
    expect(runs.list).toHaveLength(3);
    const copy = runs.list.find((run) => !isUnreadable(run) && run.name === "Second (copy)");
    await runs.choose(copy?.id ?? "");
    await settled();
    expect(lab.iteration).toBe(40);
    expect(lab.run).toBe(copy?.id);
  });

  it("calls a run without a name by its task and its network, the same everywhere", async () => {
    const { runs, store, trainTo } = await page();
    await trainTo(30);
    await runs.show();
    const [run] = await summaries(store);
    if (!run) throw new Error("There is no run.");
    expect(runName(run)).toBe("Choice, Plain, 4 units");
    expect((await page({ store })).runs.sentence).toContain("“Choice, Plain, 4 units” stands at");
    await runs.duplicate(run.id);
    expect(runs.told).toBe("“Choice, Plain, 4 units” was duplicated.");
    expect(runs.list.map((one) => !isUnreadable(one) && one.name)).toContain("Choice, Plain, 4 units (copy)");
    await runs.remove(run.id);
    expect(runs.removed?.summary.id).toBe(run.id);
    expect(runName({ name: "", task: "PerceptualDiscrimination" })).toBe("Perceptual discrimination");
    expect(runName({ name: "", task: "" })).toBe("Untitled experiment");
  });

  it("deletes, and puts back", async () => {
    const { lab, runs, first } = await twoRuns();
    await runs.remove(first);
    expect(runs.removed?.summary.name).toBe("First");
    expect(runs.list).toHaveLength(1);
    // The list still offers it when it is shown again.
    runs.close();
    await runs.show();
    expect(runs.removed?.summary.name).toBe("First");
    await runs.putBack();
    expect(runs.told).toBe("“First” is back.");
    expect(runs.list).toHaveLength(2);
    expect(runs.removed).toBeNull();
    expect(lab.iteration).toBe(40);
  });

  it("says in one sentence what could not be done, each time another", async () => {
    const { runs, store, first, second } = await twoRuns();
    const full = new DOMException("", "QuotaExceededError");
    const failing = [vi.spyOn(store, "add"), vi.spyOn(store, "save"), vi.spyOn(store, "remove")];
    for (const action of failing) action.mockRejectedValue(full);
    const reason = "the browser's storage for this page is full.";
    await runs.duplicate(first);
    expect(runs.told).toBe(`“First” could not be duplicated: ${reason}`);
    await runs.rename(first, "Other");
    expect(runs.told).toBe(`The new name could not be saved: ${reason}`);
    await runs.remove(first);
    expect(runs.told).toBe(`“First” could not be deleted: ${reason}`);
    expect(runs.unsaved).toBe("");
    await runs.rename(second, "Other");
    expect(runs.told).toBe("The new name could not be saved.");
    expect(runs.unsaved).toMatch(/^The run could not be saved: .* Training goes on\./);
    failing[2]?.mockRestore();
    await runs.remove(first);
    expect(runs.told).toBe("");
    await runs.putBack();
    expect(runs.told).toBe(`“First” could not be put back: ${reason}`);
    expect(runs.removed).not.toBeNull();
    vi.spyOn(store, "list").mockRejectedValueOnce(new Error("No."));
    await runs.refresh();
    expect(runs.told).toBe("Your runs could not be read: the browser's storage failed (No).");
  });

  it("saves what could not be saved as soon as a deletion makes room", async () => {
    const { runs, store, trainTo, first, second } = await twoRuns();
    const save = vi.spyOn(store, "save").mockRejectedValue(new DOMException("", "QuotaExceededError"));
    await trainTo(60);
    expect(runs.unsaved).not.toBe("");
    save.mockRestore();
    await runs.remove(first);
    expect(runs.unsaved).toBe("");
    expect(await summaries(store)).toMatchObject([{ id: second, iteration: 60 }]);
  });

  it("is that of the moment when another tab changes what is kept", async () => {
    const heard: (() => void)[] = [];
    const news: News = {
      tell: () => {
        for (const hear of heard) hear();
      },
      hear: (action) => heard.push(action),
    };
    const made = await page({ news });
    await made.trainTo(30);
    const other = await page({ store: made.store, news });
    await other.runs.show();
    expect(other.runs.list).toMatchObject([{ iteration: 30 }]);
    await made.runs.show();
    await made.trainTo(50);
    expect(other.runs.list).toMatchObject([{ iteration: 50 }]);
    await made.runs.duplicate(made.lab.run);
    await settled();
    expect(other.runs.list).toHaveLength(2);
    await made.runs.remove(made.lab.run);
    await settled();
    expect(other.runs.list).toHaveLength(1);
    await made.runs.putBack();
    await settled();
    expect(other.runs.list).toHaveLength(2);
  });

  it("says of the runs only what is true where they pass with the tab, or cannot be saved", async () => {
    const space = { quota: 10e9, lasting: false };
    const { runs } = await page({ store: new PassingStore("Nothing is kept.") });
    await runs.show();
    expect(leadSentence(runs)).toBe("Nothing is kept.");
    expect(spaceSentence({ temporary: runs.temporary, list: [], space }, 2000)).toBe(
      "0 runs, 2\u202fkB of memory used.",
    );
    const kept = { temporary: "", unsaved: "", list: [], space };
    expect(leadSentence(kept)).toMatch(/^Every run is saved here as it goes/);
    expect(emptySentence(kept)).toContain("No runs yet.");
    expect(spaceSentence(kept, 0)).toBe(
      "0 runs, nothing of storage used; the browser allows about 10.0\u202fGB. It may delete them when space runs short. A private window forgets its runs when it is closed.",
    );
    const unsaved = { ...kept, unsaved: "The run could not be saved." };
    expect(leadSentence(unsaved)).not.toContain("Every run is saved");
    expect(emptySentence(unsaved)).toBe("No run could be saved so far.");
  });

  it("begins anew where the run on the page is deleted", async () => {
    const { lab, runs, store, passes, second } = await twoRuns();
    await runs.remove(second);
    await passes();
    expect(lab.iteration).toBe(0);
    expect(lab.draft).not.toHaveProperty("name");
    expect(await summaries(store)).toMatchObject([{ name: "First" }]);
    await runs.putBack();
    await runs.choose(second);
    await settled();
    expect(lab.iteration).toBe(40);
  });
});

/** The browser's locks, in one process. */
class FakeLocks {
  readonly held = new Set<string>();
  async request(
    name: string,
    _options: LockOptions,
    granted: (lock: object | null) => unknown,
  ): Promise<unknown> {
    if (this.held.has(name)) return granted(null);
    this.held.add(name);
    try {
      return await granted({});
    } finally {
      this.held.delete(name);
    }
  }
  query() {
    return Promise.resolve({ held: [...this.held].map((name) => ({ name })) });
  }
}

describe("two tabs", () => {
  async function twoTabs() {
    const locks = new FakeLocks() as unknown as LockManager;
    const store = new LastingStore("");
    const first = await page({ store, holding: new LockHolding(locks) });
    first.lab.rename("Mine");
    await first.trainTo(30);
    const second = await page({ store, holding: new LockHolding(locks) });
    return { first, second, store };
  }

  it("take what they want where the browser refuses locks", async () => {
    const denied = () => Promise.reject(new DOMException("Denied.", "SecurityError"));
    const holding = new LockHolding({ request: denied, query: denied });
    expect([await holding.take("a"), await holding.take("b", 10), await holding.elsewhere()]).toEqual([
      true,
      true,
      [],
    ]);
    const late = () => Promise.reject(new DOMException("It took too long.", "TimeoutError"));
    const waiting = new LockHolding({ request: late, query: denied });
    expect(await waiting.take("a", 10)).toBe(false);
  });

  it("never write one run: the second offers a copy", async () => {
    const { first, second, store } = await twoTabs();
    expect(second.lab.iteration).toBe(0);
    expect(second.runs.locked).toMatchObject({ name: "Mine", iteration: 30 });
    await second.runs.openCopy(first.lab.run);
    await settled();
    expect(second.runs.locked).toBeNull();
    expect(second.lab.iteration).toBe(30);
    expect(second.lab.draft.name).toBe("Mine (copy)");
    await second.trainTo(50);
    await first.trainTo(40);
    const kept = await summaries(store);
    expect(Object.fromEntries(kept.map(({ name, iteration }) => [name, iteration]))).toEqual({
      Mine: 40,
      "Mine (copy)": 50,
    });
  });

  it("go on apart where one has written the run of the other, and both stay", async () => {
    const { lab, runs, store, trainTo } = await page();
    lab.rename("Mine");
    await trainTo(30);
    const id = lab.run;
    expect(runs.parted).toBe("");
    const save = vi.spyOn(store, "save").mockRejectedValueOnce(new WrittenElsewhere());
    await trainTo(50);
    expect(save.mock.calls[0]?.[0].summary.id).toBe(id);
    expect(lab.run).not.toBe(id);
    expect(lab.draft.name).toBe("Mine (copy)");
    expect(runs.parted).toBe(
      "Another tab has gone on with your run of “Mine”; here it goes on as “Mine (copy)”.",
    );
    expect(runs.unsaved).toBe("");
    const kept = await summaries(store);
    expect(kept.map(({ name, iteration }) => [name, iteration])).toEqual([
      ["Mine (copy)", 50],
      ["Mine", 30],
    ]);
    runs.dismissParted();
    expect(runs.noticed).toBe(false);
  });

  it("take up a run as its tab wrote it last", async () => {
    const { first, second, store } = await twoTabs();
    await second.runs.openCopy(first.lab.run);
    await settled();
    const id = first.lab.run;
    const last = await store.get(id);
    // The other tab writes once more before it lets go.
    const get = vi.spyOn(store, "get").mockImplementationOnce(async () => {
      await first.trainTo(70);
      await first.lab.replace({ ...first.lab.draft, name: "Other" });
      await first.trainTo(5);
      return last;
    });
    await second.runs.choose(id);
    await settled();
    get.mockRestore();
    expect(second.lab.iteration).toBe(70);
  });

  it("let go of a run when they open another", async () => {
    const { first, second } = await twoTabs();
    const id = first.lab.run;
    await second.runs.show();
    expect(second.runs.elsewhere).toEqual([id]);
    await second.runs.choose(id);
    expect(second.runs.told).toContain("open in another tab");
    await first.lab.replace({ ...first.lab.draft, name: "Other" });
    await first.trainTo(20);
    await second.runs.choose(id);
    await settled();
    expect(second.lab.iteration).toBe(30);
  });
});

describe("a page over the stand-in", () => {
  it("works without any runs", async () => {
    const { lab } = await started();
    expect(lab.watchers).toEqual([]);
  });
});
