import type { Lab } from "../../state/lab.svelte";
import { newRun, type Leaving, type Moment, type Watcher } from "../../state/moment";
import type { Holding } from "./holding";
import type { News } from "./news";
import {
  copyName,
  copyOf,
  isUnreadable,
  momentOf,
  renamed,
  runOf,
  type Run,
  type Summary,
  type Unreadable,
} from "./run";
import { askStorage, WrittenElsewhere, type RunStore, type Space } from "./store";
import type { TabMemory } from "./tab";
import { blankDocument } from "../../document/schema";
import {
  backSentence,
  calledBy,
  failedSentence,
  partedSentence,
  refusedSentence,
  runName,
  unsavedSentence,
} from "./words";

export interface RunsOptions {
  lab: Lab;
  store: Promise<RunStore>;
  holding: Holding;
  tab: TabMemory;
  news?: News;
  spaceOf?: () => Promise<Space>;
  clock?: () => number;
  later?: (action: () => void, milliseconds: number) => void;
}

/** Time that an edited document waits to be saved, so that a word is saved once. */
const editDelay = 300;

/** A tab that was closed a moment ago may hold its run for so long. */
const lockWait = 1000;

/**
 * Time between two saves of a network that trains, in ms: taking the state of one megabyte costs about 5 ms, or four times as
 * much on a slow machine, so that saving takes less than 2 % of the time.
 */
export function saveInterval(bytes: number): number {
  return Math.max(1500, (bytes / 1e6) * 1000);
}

/** Keeps the run that is on the page, comes back to it, and lists all that are kept. */
export class Runs implements Watcher {
  /** Whether the list is shown. */
  open = $state(false);
  list = $state.raw<(Summary | Unreadable)[]>([]);
  /** Runs that other tabs have open. */
  elsewhere = $state.raw<string[]>([]);
  /** The run on the page, where it is kept. */
  current = $state("");
  /** Why the run could not be saved; empty where it could. */
  unsaved = $state("");
  /** Why runs do not outlive the tab; empty where they do, or it has been read. */
  passing = $state("");
  /** The same, as long as it is so; known once a run is kept or the list was shown. */
  temporary = $state("");
  /** Whether a run that was trained is kept. */
  #trained = $state(false);
  /** Whether the tab takes with it what was trained. */
  readonly atRisk = $derived(this.unsaved !== "" || (this.temporary !== "" && this.#trained));
  /** A run that the page would have come back to, and another tab has open. */
  locked = $state.raw<Summary | null>(null);
  space = $state.raw<Space>({ quota: null, lasting: null });
  /** What was told last in the list. */
  told = $state("");
  /** The run that was deleted last, which can be put back. */
  removed = $state.raw<Run | null>(null);
  /** The run that would be opened although the present one could not be saved. */
  asked = $state.raw<string | null>(null);

  /** What was told of a run that goes on beside the one that it was. */
  #parted = $state.raw({ sentence: "", run: "" });
  /** That another tab has gone on with the run, of which there is a copy here; empty where that is not so, or it has been read. */
  readonly parted = $derived.by(() => (this.#parted.run === this.#lab.run ? this.#parted.sentence : ""));

  #said = $state.raw({ sentence: "", run: "", iteration: 0 });
  /** Where the run stands that the page has come back to; old news once it goes on. */
  readonly sentence = $derived.by(() =>
    this.#lab.busy || this.#said.run !== this.#lab.run || this.#said.iteration !== this.#lab.iteration
      ? ""
      : this.#said.sentence,
  );

  /** Whether there is something to tell beside the list. */
  readonly noticed = $derived.by(
    () =>
      this.locked !== null ||
      [this.sentence, this.parted, this.unsaved, this.passing].some((told) => told !== ""),
  );

  readonly #lab: Lab;
  readonly #store: Promise<RunStore>;
  readonly #holding: Holding;
  readonly #tab: TabMemory;
  readonly #news: News | null;
  readonly #spaceOf: () => Promise<Space>;
  readonly #clock: () => number;
  readonly #later: (action: () => void, milliseconds: number) => void;

  /** What was written last of each run. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing follows it
  readonly #known = new Map<string, Summary>();
  #written: Moment | null = null;
  #savedAt = -Infinity;
  #queue: Promise<void> = Promise.resolve();
  #queued = false;
  #editing = false;
  #came = false;
  /** While a run is being opened, what makes way for it is saved already. */
  #opening = false;

  constructor({ lab, store, holding, tab, news, spaceOf, clock, later }: RunsOptions) {
    this.#lab = lab;
    this.#store = store;
    this.#holding = holding;
    this.#tab = tab;
    this.#spaceOf = spaceOf ?? (() => Promise.resolve({ quota: null, lasting: null }));
    this.#clock = clock ?? (() => Date.now());
    this.#later = later ?? ((action, milliseconds) => setTimeout(action, milliseconds));
    this.#news = news ?? null;
    lab.watchers.push(this);
    news?.hear(() => {
      if (this.open) void this.refresh();
    });
  }

  // Saving

  edited(): void {
    if (this.#editing) return;
    this.#editing = true;
    this.#later(() => {
      this.#editing = false;
      void this.save();
    }, editDelay);
  }

  /** A tab that ends before the first report comes back to this run, and not to the one before. */
  began(): void {
    void this.save();
  }

  moved(): void {
    const known = this.#known.get(this.#lab.run);
    const isDue = !known || this.#clock() - this.#savedAt >= saveInterval(known.bytes);
    if (this.#lab.activity === "idle" || isDue) void this.save();
  }

  async leaving(moment: Moment, why: Leaving): Promise<void> {
    if (this.#opening) return;
    await this.#inTurn(() => this.#keep(moment));
    if (why === "replace") await this.#leaveBehind();
  }

  /** Saves the run as it is now, where that differs from what is kept. */
  async save(): Promise<void> {
    if (this.#queued || this.#opening) return this.#queue;
    this.#queued = true;
    await this.#inTurn(async () => {
      this.#queued = false;
      const moment = await this.#lab.capture();
      if (moment) await this.#keep(moment);
    });
  }

  async #inTurn(action: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(action);
    await this.#queue;
  }

  async #keep(moment: Moment): Promise<void> {
    const before = this.#known.get(moment.run) ?? null;
    if (!before && !moment.touched) return;
    if (this.#written && isSame(moment, this.#written)) {
      this.unsaved = "";
      return;
    }
    // An engine that is lost leaves no network: what is kept of it stays.
    if (!moment.network && before && before.iteration > 0) return;
    try {
      const store = await this.#store;
      if (!(await this.#holding.take(moment.run))) throw new WrittenElsewhere("Another tab holds it.");
      const run = runOf(moment, this.#clock(), before);
      this.#take(await store.save(run), moment);
      this.temporary = store.passing ?? "";
      if (store.passing !== null && this.#savedAt === -Infinity) this.passing = store.passing;
      this.unsaved = "";
    } catch (error) {
      if (error instanceof WrittenElsewhere) {
        await this.#part(moment);
        return;
      }
      this.unsaved = unsavedSentence(error, await this.#used());
    }
    this.#savedAt = this.#clock();
  }

  /** Another tab has gone on with the run: here it is another one, a copy, from now on. */
  async #part(moment: Moment): Promise<void> {
    const called = calledBy(moment.draft, moment.network?.resolved ?? null);
    const name = copyName(called);
    this.#lab.run = newRun();
    this.#lab.rename(name);
    this.#parted = { sentence: partedSentence(runName(called), name), run: this.#lab.run };
    await this.#keep({ ...moment, run: this.#lab.run, draft: { ...moment.draft, name }, touched: true });
  }

  #take(summary: Summary, moment: Moment): void {
    this.#known.set(summary.id, summary);
    this.#trained ||= summary.iteration > 0;
    this.#written = moment;
    this.current = summary.id;
    this.#tab.set(summary.id);
    this.#news?.tell();
  }

  /** What was on the page is left for something else: the page does not come back to it by itself. */
  async #leaveBehind(): Promise<void> {
    this.current = "";
    this.#tab.set(null);
    await this.#safely("Your runs could not be changed", (store) => store.forgetLast());
  }

  async #used(): Promise<number> {
    const list = await this.#store.then((store) => store.list()).catch(() => []);
    return list.reduce((sum, run) => sum + (isUnreadable(run) ? 0 : run.bytes), 0);
  }

  // Coming back

  /**
   * Takes up the run that the tab had, else the one that was saved last; where the engine has to start again, the run that
   * was there. Answers whether there is one.
   */
  async comeBack(): Promise<boolean> {
    let back = false;
    const again = this.#came;
    this.#came = true;
    await this.#safely("Your last run could not be opened", async (store) => {
      const own = again ? this.#lab.run : this.#tab.get();
      const found =
        (own === null ? null : await store.get(own)) ?? (again ? null : await this.#lastOf(store));
      const run = found && (await this.#hold(store, found, lockWait));
      if (!run) this.locked = found && !isUnreadable(found) ? found.summary : null;
      else if (isUnreadable(run))
        this.#say(`Your last run could not be opened. ${run.unreadable} It is listed in Runs.`);
      else back = await this.#resume(run);
    });
    return back;
  }

  /** Holds a run that was found, and answers how it stands then; null where another tab holds it. */
  async #hold(store: RunStore, found: Run | Unreadable, wait = 0): Promise<Run | Unreadable | null> {
    if (isUnreadable(found)) return found;
    const { id } = found.summary;
    if (!(await this.#holding.take(id, wait))) return null;
    // The tab that held it may have written it a last time.
    return (await store.get(id)) ?? found;
  }

  async #lastOf(store: RunStore): Promise<Run | Unreadable | null> {
    const id = await store.last();
    return id === null ? null : store.get(id);
  }

  /** Opens a run that this tab holds; answers whether there is something to look at. */
  async #resume(run: Run): Promise<boolean> {
    const kept = momentOf(run);
    // Where the engine was lost, the forms have gone on.
    const moment = kept.run === this.#lab.run ? { ...kept, draft: this.#lab.draft } : kept;
    this.#opening = true;
    try {
      const resumed = await this.#lab.resume(moment);
      if (resumed) {
        this.#lab.setLesion(moment.lesion ?? null);
        this.#take(run.summary, moment);
        this.#say(backSentence(run.summary));
      } else {
        const reason = this.#lab.trouble ?? this.#lab.problems[0];
        this.#lab.trouble = null;
        this.#lab.untouched();
        this.#say(refusedSentence(run.summary, reason ? `${reason.message} ${reason.hint}`.trim() : ""));
      }
    } finally {
      this.#opening = false;
    }
    return true;
  }

  #say(sentence: string): void {
    const { run, iteration } = this.#lab;
    this.#said = { sentence, run, iteration };
  }

  dismiss(): void {
    this.#say("");
  }

  dismissParted(): void {
    this.#parted = { sentence: "", run: "" };
  }

  // The list

  async show(): Promise<void> {
    this.told = "";
    this.asked = null;
    this.open = true;
    await this.save();
    await this.refresh();
  }

  close(): void {
    this.open = false;
    this.asked = null;
  }

  async refresh(): Promise<void> {
    await this.#safely("Your runs could not be read", async (store) => {
      this.temporary = store.passing ?? "";
      const [list, elsewhere, space] = await Promise.all([
        store.list(),
        this.#holding.elsewhere(),
        this.#spaceOf(),
      ]);
      this.list = list;
      this.elsewhere = elsewhere;
      this.space = space;
    });
  }

  /** Opens a run of the list in the place of the present one, which is saved first. */
  async choose(id: string): Promise<void> {
    if (id === this.#lab.run) {
      this.close();
      return;
    }
    await this.#lab.pause();
    await this.save();
    if (this.unsaved && this.asked !== id) {
      this.asked = id;
      return;
    }
    await this.#openKept(id);
  }

  async #openKept(id: string): Promise<void> {
    await this.#safely(`${this.#nameOf(id)} could not be opened`, async (store) => {
      const found = await store.get(id);
      const run = found && (await this.#hold(store, found));
      if (!found) this.told = "This run is not there any more; it was deleted in another tab.";
      else if (!run)
        this.told = `${this.#nameOf(id)} is open in another tab; a copy of it can be opened here.`;
      else if (isUnreadable(run)) this.told = run.unreadable;
      else {
        this.close();
        this.unsaved = "";
        await this.#resume(run);
      }
      if (this.open) await this.refresh();
    });
  }

  /** Opens a copy, which leaves the run to the tab that has it. */
  async openCopy(id: string): Promise<void> {
    const copy = await this.#copy(id);
    if (!copy) {
      // The list says why.
      this.open = true;
      await this.refresh();
      return;
    }
    this.locked = null;
    await this.choose(copy);
  }

  async duplicate(id: string): Promise<void> {
    if (id === this.current) await this.save();
    const copy = await this.#copy(id);
    if (!copy) return;
    this.told = `${this.#nameOf(id)} was duplicated.`;
    await this.refresh();
  }

  async #copy(id: string): Promise<string | null> {
    let made: string | null = null;
    await this.#safely(`${this.#nameOf(id)} could not be duplicated`, async (store) => {
      const run = await store.get(id);
      if (!run || isUnreadable(run)) return;
      const copy = copyOf(run, newRun(), this.#clock());
      await store.add(copy);
      this.#news?.tell();
      made = copy.summary.id;
    });
    return made;
  }

  async rename(id: string, name: string): Promise<void> {
    if (id === this.#lab.run) {
      this.#lab.rename(name);
      await this.save();
      if (this.unsaved) this.told = "The new name could not be saved.";
    } else
      await this.#safely("The new name could not be saved", async (store) => {
        const run = await store.get(id);
        if (run && !isUnreadable(run)) await this.#add(store, renamed(run, name));
      });
    await this.refresh();
  }

  /** Keeps a run that may be gone back to, by Undo. */
  async #add(store: RunStore, run: Run): Promise<void> {
    this.#known.set(run.summary.id, await store.add(run));
    this.#news?.tell();
  }

  /** Deletes a run; where it is the one on the page, the page begins anew. */
  async remove(id: string): Promise<void> {
    const title = this.#nameOf(id);
    const isHere = id === this.#lab.run;
    if (isHere) {
      await this.#lab.pause();
      await this.save();
    }
    await this.#safely(`${title} could not be deleted`, async (store) => {
      const run = await store.get(id);
      await store.remove(id);
      this.#known.delete(id);
      this.#news?.tell();
      this.removed = run && !isUnreadable(run) ? run : null;
      this.told = this.removed ? "" : `${title} was deleted.`;
      if (isHere) {
        this.unsaved = "";
        this.#lab.untouched();
        await this.begin();
      }
    });
    // There may be room for what is on the page now.
    if (this.unsaved) await this.save();
    await this.refresh();
  }

  /** Puts the run back that was deleted last. */
  async putBack(): Promise<void> {
    const run = this.removed;
    if (!run) return;
    const title = `“${runName(run.summary)}”`;
    await this.#safely(`${title} could not be put back`, async (store) => {
      await this.#add(store, run);
      this.removed = null;
      this.told = `${title} is back.`;
    });
    await this.refresh();
  }

  /** A new experiment in the place of what is there, which stays in the list. */
  async begin(): Promise<void> {
    const { schema } = this.#lab;
    if (schema) await this.#lab.replace(blankDocument(schema));
  }

  /** Asks the browser not to delete what is kept when space runs short. */
  async persist(): Promise<void> {
    const granted = await askStorage((storage) => storage.persist());
    this.told = granted
      ? "The browser keeps your runs until you delete them."
      : "The browser did not agree; it keeps your runs as long as there is space.";
    this.space = await this.#spaceOf();
  }

  #nameOf(id: string): string {
    const found = this.list.find((run) => run.id === id);
    return found && !isUnreadable(found) ? `“${runName(found)}”` : "The run";
  }

  /** Says in the list what could not be done where the storage fails; nothing else fails with it. */
  async #safely(failed: string, action: (store: RunStore) => Promise<void>): Promise<void> {
    try {
      await action(await this.#store);
    } catch (error) {
      this.told = failedSentence(failed, error);
    }
  }
}

/** Whether nothing happened to a run between two moments. */
function isSame(a: Moment, b: Moment): boolean {
  return (
    a.run === b.run &&
    a.draft === b.draft &&
    a.sharing === b.sharing &&
    a.lesion === b.lesion &&
    sameFiles(a.files, b.files) &&
    (a.network === null) === (b.network === null) &&
    a.network?.iteration === b.network?.iteration &&
    a.network?.iterations === b.network?.iterations &&
    a.network?.start === b.network?.start &&
    a.network?.document === b.network?.document &&
    a.network?.before === b.network?.before &&
    a.network?.now === b.network?.now
  );
}

function sameFiles(a: Moment["files"], b: Moment["files"]): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
