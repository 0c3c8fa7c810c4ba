import { NullclineError, type ExperimentDocument, type Files, type Weights } from "nullcline";
import type { Link, ModelLink, Precision, RecipeLink, Sharing } from "nullcline/links";
import { count } from "../../plots/numbers";
import type { Lab } from "../../state/lab.svelte";
import { filesNamed } from "../../document/document";
import { later } from "../later";
import { filesOf } from "./files";
import type { Survival } from "./survival";
import type * as Writing from "./writing";

/** A link that can be handed on, or one sentence on why there is none. */
export type Offer = { fragment: string } | { reason: string };

/** A weights link, and what rounding was measured to do. */
export type ModelOffer = Offer & { survival?: Survival };

/** What is shared: the run as it stood when the dialog was opened. */
interface Snapshot {
  /** What makes links of it. */
  writing: typeof Writing;
  document: ExperimentDocument;
  iteration: number;
  hash: string;
  files: Files;
  weights: Weights;
  /** Bytes of the run as a file. */
  fileSize: number;
}

export const precisions: Precision[] = ["int8", "float16"];

/** The share dialog: which links the run that is there can become. */
export class Share {
  open = $state(false);
  /** Null while it is being found out. */
  recipe = $state.raw<Offer | null>(null);
  models = $state.raw<{ [precision in Precision]: ModelOffer | null }>({ int8: null, float16: null });
  /** What the receiver's form hides and locks. */
  sharing = $state.raw<Sharing>({});
  /** Updates that the network that is shared has had, before it came by a link too. */
  iteration = $state(0);
  /** What the run takes as a file, in bytes; null while it is being found out, and where there is none. */
  fileSize = $state<number | null>(null);
  /** Whether training was paused for it. */
  paused = $state(false);

  readonly #lab: Lab;
  #snapshot: Snapshot | null = null;
  /** Rises with every opening: answers to an older one are dropped. */
  #opening = 0;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Opens the dialog and finds out what can be offered, the cheapest first. A network that trains is paused. */
  async show(): Promise<void> {
    const opening = ++this.#opening;
    this.open = true;
    this.recipe = null;
    this.models = { int8: null, float16: null };
    this.sharing = this.#lab.sharing;
    this.paused = this.#lab.busy;
    this.#snapshot = null;
    this.fileSize = null;
    await this.#lab.pause();
    // The dialog itself says what to do where this cannot be fetched.
    const writing = await later.writing().catch(() => null);
    const snapshot = writing && (await this.#look(writing));
    if (opening !== this.#opening) return;
    if (!snapshot) {
      this.#refuse(
        "There is no network to share: the engine is not running, or the experiment has a problem.",
      );
      return;
    }
    this.#snapshot = snapshot;
    this.iteration = snapshot.iteration;
    this.fileSize = snapshot.fileSize;
    await this.#offerRecipe(snapshot);
    for (const precision of precisions)
      if (opening === this.#opening) await this.#offerModel(snapshot, precision, opening);
  }

  close(): void {
    this.open = false;
    this.#opening++;
  }

  /** Writes the links anew with other fields hidden or locked; nothing is measured again. */
  async restrict(sharing: Sharing): Promise<void> {
    this.sharing = sharing;
    const snapshot = this.#snapshot;
    if (!snapshot) return;
    if (this.recipe && "fragment" in this.recipe) await this.#offerRecipe(snapshot);
    for (const precision of precisions) {
      const offer = this.models[precision];
      if (offer && "fragment" in offer) {
        const { survival } = offer;
        this.#setModel(precision, {
          ...(await this.#encode(snapshot, this.#model(snapshot, precision))),
          ...(survival && { survival }),
        });
      }
    }
  }

  async #look(writing: typeof Writing): Promise<Snapshot | null> {
    const { applied, files } = this.#lab;
    const iteration = this.#lab.iteration + this.#lab.trainedBefore;
    if (!this.#lab.document) return null;
    const { schema } = this.#lab;
    const complete = async (one: ExperimentDocument) =>
      (await this.#lab.consider(one, files))?.document ?? null;
    const document = schema ? await writing.sparse(schema, applied, complete) : applied;
    const found = await this.#lab.ask(async (session) => ({
      weights: await session.weights("raw"),
      hash: await session.hash(),
      fileSize: (await session.saveState()).length,
    }));
    return found && { writing, document, iteration, files: filesNamed(applied, files), ...found };
  }

  #refuse(reason: string): void {
    this.recipe = { reason };
    this.models = { int8: { reason }, float16: { reason } };
  }

  async #offerRecipe(snapshot: Snapshot): Promise<void> {
    const reason = this.#whyNoRecipe(snapshot);
    this.recipe = reason === null ? await this.#encode(snapshot, this.#recipe(snapshot)) : { reason };
  }

  #whyNoRecipe({ document, files }: Snapshot): string | null {
    const { isFromSeed, diverged } = this.#lab;
    const named = filesOf(document, files);
    if (named.length > 0) return `The run needs ${inWords(named)}, which a link cannot carry.`;
    if (!isFromSeed)
      return "Its weights were loaded from a link or a file, or edited by hand: training from the seed would make another network, or may.";
    if (diverged) return "The run grew beyond any number, and would again.";
    return null;
  }

  #recipe({ document, iteration, hash }: Snapshot): RecipeLink {
    const { build, sharing } = { build: this.#lab.build, sharing: this.sharing };
    const own = this.#lab.document?.arithmetic;
    return {
      kind: "recipe",
      document,
      iteration,
      hash,
      arithmetic: own === "plain" || own === "fused" ? own : (build?.arithmetic ?? "plain"),
      numericsVersion: build?.numerics ?? 0,
      sharing,
    };
  }

  #model({ document, iteration, hash, weights }: Snapshot, precision: Precision): ModelLink {
    return { kind: "model", document, iteration, hash, weights, precision, sharing: this.sharing };
  }

  async #offerModel(snapshot: Snapshot, precision: Precision, opening: number): Promise<void> {
    const named = filesOf(snapshot.document, snapshot.files);
    if (named.length > 0) {
      this.#setModel(precision, {
        reason: `The experiment needs ${inWords(named)}, which a link cannot carry.`,
      });
      return;
    }
    // A link that cannot be written need not be measured.
    const encoded = await this.#encode(snapshot, this.#model(snapshot, precision));
    const offer = "reason" in encoded ? encoded : await this.#measured(snapshot, precision);
    if (opening === this.#opening) this.#setModel(precision, offer);
  }

  /** The link with what rounding does to the network; the reason alone where it is another network then. */
  async #measured(snapshot: Snapshot, precision: Precision): Promise<ModelOffer> {
    const { quantise, measureSurvival, loss } = snapshot.writing;
    const rounded = quantise(snapshot.weights, precision);
    const survival = await this.#lab.ask((session, engine) =>
      measureSurvival(session, engine, rounded, snapshot.files),
    );
    if (!survival) return { reason: "What rounding does to the network could not be measured." };
    const lost = loss(survival, precision);
    if (lost !== null)
      return { reason: `Rounded to ${precision}, this is another network: ${lost}.`, survival };
    // The fields may have been chosen while it was measured.
    return { ...(await this.#encode(snapshot, this.#model(snapshot, precision))), survival };
  }

  #setModel(precision: Precision, offer: ModelOffer): void {
    this.models = { ...this.models, [precision]: offer };
  }

  async #encode({ writing }: Snapshot, link: Link): Promise<Offer> {
    try {
      return { fragment: await writing.encodeLink(link) };
    } catch (error) {
      if (error instanceof NullclineError) return { reason: `${error.message} ${error.hint}`.trim() };
      throw error;
    }
  }
}

function inWords(files: string[]): string {
  return files.length === 1
    ? `the file ${files[0] ?? ""}`
    : `${count(files.length)} files (${files.join(", ")})`;
}
