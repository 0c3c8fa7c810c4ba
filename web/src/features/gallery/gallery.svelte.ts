import type { ExperimentDocument } from "nullcline";
import type { Lab } from "../../state/lab.svelte";
import { plural } from "../../plots/numbers";
import { equal, without } from "../../json";
import { blankDocument } from "../../document/schema";
import { later } from "../later";
import { waitingIn } from "../view";
import type { Example, Opened } from "./examples";

type GalleryLab = Pick<
  Lab,
  "phase" | "schema" | "draft" | "editable" | "iteration" | "started" | "addFile" | "replace"
>;

async function fetchLater(example: Example): Promise<Opened> {
  const { fetchExample } = await later.examples();
  return fetchExample(example);
}

/** The gallery of examples: whether it is open, which example it asks about, and which one was opened. */
export class Gallery {
  open = $state(false);
  /** The example that waits for an answer, because something would be dropped for it. */
  asked = $state.raw<Example | null>(null);
  /** The example that was opened last. */
  current = $state.raw<Example | null>(null);
  /** The one after it. */
  next = $state.raw<Example | null>(null);
  /** How many examples have been opened. */
  openings = $state(0);
  /** Why the last one could not be fetched. */
  failure = $state("");
  /** Whether the note on what to look at is still wanted. */
  #noted = $state(false);
  /** The document of the current example, as it was opened. */
  #opened = $state.raw<ExperimentDocument | null>(null);

  readonly #lab: GalleryLab;
  readonly #fetch: (example: Example) => Promise<Opened>;

  /** The example whose note is to be shown: as long as the experiment still goes by its name. */
  readonly note = $derived.by(() =>
    this.#noted && this.#lab.draft.name === this.#opened?.name ? this.current : null,
  );

  /** What opening another example would drop, in a sentence; empty where that is nothing. */
  readonly loss = $derived.by(() => {
    const { started, iteration } = this.#lab;
    if (started)
      return `The network that was trained here for ${plural(iteration, "iteration")} makes way and stays in Runs.`;
    return this.#edited() ? "Your experiment, with its changes, makes way and stays in Runs." : "";
  });

  constructor(lab: GalleryLab, fetch: (example: Example) => Promise<Opened> = fetchLater) {
    this.#lab = lab;
    this.#fetch = fetch;
  }

  show(): void {
    this.failure = "";
    this.asked = null;
    this.open = true;
  }

  close(): void {
    this.open = false;
    this.asked = null;
  }

  /** Opens an example, or asks first. */
  async choose(example: Example): Promise<void> {
    if (!this.#lab.editable)
      this.failure = waitingIn(this.#lab, "The page is still loading; choose an example once it is there.");
    else if (this.loss !== "") {
      this.asked = example;
      this.open = true;
    } else await this.take(example);
  }

  /** Opens an example, whatever is dropped for it; one that cannot be fetched changes nothing. */
  async take(example: Example): Promise<void> {
    this.failure = "";
    let opened;
    try {
      opened = await this.#fetch(example);
    } catch (error) {
      const reason = error instanceof Error ? ` ${error.message}` : "";
      this.failure = `${example.title} could not be fetched.${reason} Look at the connection and try again.`;
      this.asked = null;
      this.open = true;
      return;
    }
    for (const [name, bytes] of Object.entries(opened.files)) this.#lab.addFile(name, bytes);
    this.current = example;
    this.next = opened.next;
    this.#opened = opened.document;
    this.#noted = true;
    this.openings++;
    this.close();
    await this.#lab.replace(opened.document);
  }

  dismissNote(): void {
    this.#noted = false;
  }

  #edited(): boolean {
    const { schema, draft } = this.#lab;
    if (!schema) return false;
    // The forms leave out what equals a default, so the first document may have been written out or not.
    const untouched = this.#opened ?? blankDocument(schema);
    return !equal(without(draft, "name"), without(untouched, "name"));
  }
}
