import { NullclineError, type CheckResult, type ExperimentDocument, type Problem } from "nullcline";
import { decodeLink, isLink, type Link, type RecipeLink } from "nullcline/links";
import { bytes, count, plural } from "../../plots/numbers";
import type { Lab } from "../../state/lab.svelte";
import { sameButForLength, withLength } from "../../document/document";
import type { Opening } from "../files/opening.svelte";
import { modelAsked } from "./addresses";
import { FetchProblem, fetchFile } from "./fetching";
import { filesOf } from "./files";

/** What an address says besides where the page is. */
export type Address = Pick<Location, "hash" | "search">;

/** What is said beside the page of a link. */
export interface Said {
  tone: "notice" | "error";
  sentence: string;
}

/** A network that a link asks for may take this much memory; whoever wants a larger one opens it as a file. */
const mostMemory = 1e9;

/** What `?model=` is for. */
const expected =
  "The address of a model names a run that this page has saved (.npz), weights (.npz) or an experiment (.json).";

const linkBesideModel =
  "The address of this page holds a link and names a file with ?model=; the link was opened, the file was not.";

/** Takes links into the page. One that is refused changes nothing. */
export class Reception {
  said = $state.raw<Said | null>(null);
  /** The link that was opened last; null for the file of a `?model=`. */
  link = $state.raw<Link | null>(null);
  /** Whether it is the example that greets who comes without a link. */
  isExample = $state(false);
  /** The link whose page stands there before it can be opened, so that nothing moves when it is. */
  expected = $state<Link["kind"] | null>(null);
  /** Whether a recipe is being trained again. */
  retraining = $state(false);
  /** What came of training the recipe again. */
  proof = $state.raw<Said | null>(null);
  #wantsPage = $state(false);
  #replacement = $state(-1);

  /** Whether the page of the link is to be shown: until something else is opened, or the workbench is asked for. */
  readonly page = $derived.by(
    () => this.expected !== null || (this.#wantsPage && this.#lab.replacements === this.#replacement),
  );

  readonly #lab: Lab;
  readonly #opening: Opening;
  readonly #fetch: (url: URL) => Promise<File>;
  #attempt = 0;
  /** What of the link was given to the engine. */
  #document: ExperimentDocument | null = null;

  constructor(lab: Lab, opening: Opening, fetch: (url: URL) => Promise<File> = fetchFile) {
    this.#lab = lab;
    this.#opening = opening;
    this.#fetch = fetch;
  }

  /** Makes room for the page of a link, where an address looks like one. */
  expect({ hash }: Pick<Address, "hash">): void {
    if (isLink(hash)) this.expected = hash.startsWith("#r") ? "recipe" : "model";
  }

  /** Opens what an address asks for; answers whether that was anything, opened or refused. */
  async follow({ hash, search }: Address): Promise<boolean> {
    const model = modelAsked(search);
    if (hash.length <= 1) return model !== null && this.#openAddress(model);
    const opened = await this.openLink(hash);
    if (opened && model) this.said ??= { tone: "notice", sentence: linkBesideModel };
    return opened;
  }

  async openLink(fragment: string, isExample = false): Promise<boolean> {
    const attempt = ++this.#attempt;
    this.said = null;
    let link: Link;
    try {
      link = await decodeLink(fragment);
    } catch (error) {
      if (!(error instanceof NullclineError)) throw error;
      this.#refuse(`${error.message} ${error.hint}`);
      return false;
    }
    const document = await this.#documentOf(link);
    if (attempt !== this.#attempt) return false;
    if (typeof document === "string") {
      this.#refuse(document);
      return false;
    }
    if (!(await this.#opening.mayDrop("the link"))) return false;
    await this.#take(link, document, isExample);
    return true;
  }

  /** Whether the link is a recipe that is yet to be trained. */
  readonly untrained = $derived.by(
    () => this.link?.kind === "recipe" && !this.#lab.finished && this.#lab.iteration < this.link.iteration,
  );

  /** Opens the link again whose page is shown, where the engine was lost; answers whether there is one. */
  async reopen(): Promise<boolean> {
    const { link } = this;
    if (!this.page || !link || !this.#document) return false;
    await this.#take(link, this.#document, this.isExample);
    return true;
  }

  /** Leaves the page of the link for the workbench; the network stays. */
  leave(): void {
    this.#wantsPage = false;
  }

  dismiss(): void {
    this.said = null;
  }

  /** Trains a recipe to where the link says, and compares the hashes. */
  async retrain(): Promise<void> {
    const { link } = this;
    if (link?.kind !== "recipe" || this.retraining) return;
    this.retraining = true;
    this.proof = null;
    await this.#lab.train(link.iteration);
    this.retraining = false;
    if (this.#lab.replacements !== this.#replacement) return;
    if (this.#lab.iteration === link.iteration) this.proof = this.#compare(link, this.#lab.hash);
    else if (this.#lab.finished || this.#lab.diverged) this.proof = this.#endedBefore(link);
  }

  #refuse(reason: string): void {
    this.said = { tone: "error", sentence: `${reason.trim()} Nothing was changed here.` };
  }

  async #take(link: Link, document: ExperimentDocument, isExample: boolean): Promise<void> {
    const { sharing = {} } = link;
    this.link = link;
    this.#document = document;
    this.isExample = isExample;
    this.proof = null;
    const given = link.kind === "model" ? { weights: link.weights, iterations: link.iteration } : undefined;
    const opened = this.#lab.replace(document, given, sharing);
    this.#replacement = this.#lab.replacements;
    this.#wantsPage = true;
    this.expected = null;
    await opened;
  }

  /** The document that a link opens, or why it opens none, in one sentence. */
  async #documentOf(link: Link): Promise<ExperimentDocument | string> {
    const { document } = link;
    const files = filesOf(document, {});
    if (files.length > 0)
      return `This link needs the file ${files[0] ?? ""}, which no link carries; ask for the run as a file.`;
    const result = await this.#lab.consider(document, {});
    if (!result) return "The engine is not running, so that no link can be opened now.";
    const [first] = result.problems;
    if (first) return `This link holds an experiment that cannot be run: ${sentenceOf(first)}`;
    if (result.shape && result.shape.memory > mostMemory)
      return `This link asks for a network of ${bytes(result.shape.memory)}; links open networks of up to ${bytes(mostMemory)}.`;
    if (link.kind === "recipe") return this.#recipeOf(link, result);
    const refused = await this.#lab.refusal(document, link.weights);
    return refused ? `This link holds weights that do not fit its network: ${sentenceOf(refused)}` : document;
  }

  /** The experiment of a recipe, as long as the run was: it may have been made longer while it went. */
  async #recipeOf(link: RecipeLink, { document, shape }: CheckResult): Promise<ExperimentDocument | string> {
    const own = this.#inItsArithmetic(link);
    const iterations = shape?.iterations ?? 0;
    if (iterations >= link.iteration) return own;
    const longer = await this.#lab.consider(withLength(link.document, link.iteration), {});
    if (document && longer?.document && sameButForLength(document, longer.document))
      return withLength(own, link.iteration);
    return `This link promises a network after ${plural(link.iteration, "iteration")}, but its experiment ends after ${count(iterations)} and cannot be made longer without becoming another one.`;
  }

  /** The document in the arithmetic that the hash holds for, where this browser would take the other one. */
  #inItsArithmetic({ document, arithmetic }: RecipeLink): ExperimentDocument {
    const isOpen = document.arithmetic === undefined || document.arithmetic === "auto";
    return isOpen && this.#lab.build?.arithmetic !== arithmetic && this.canRun(arithmetic)
      ? { ...document, arithmetic }
      : document;
  }

  /** Whether this browser has an arithmetic: plain is everywhere. */
  canRun(arithmetic: RecipeLink["arithmetic"]): boolean {
    return arithmetic === "plain" || this.#lab.build?.arithmetic === "fused";
  }

  /** What will keep the recipe from giving the same bits here, in a sentence; empty where nothing does. */
  readonly caveat = $derived.by(() => {
    const { link } = this;
    const { build } = this.#lab;
    if (link?.kind !== "recipe" || !build) return "";
    if (link.numericsVersion !== build.numerics)
      return `The link was made with numerics version ${link.numericsVersion}, and this is version ${build.numerics}: trained here, the network will be as good, and not the same to the bit.`;
    return this.canRun(link.arithmetic)
      ? ""
      : `The link was made with ${link.arithmetic} arithmetic, which this browser cannot run: trained here, the network will be as good, and not the same to the bit.`;
  });

  #compare(link: RecipeLink, hash: string): Said {
    if (hash === link.hash)
      return {
        tone: "notice",
        sentence: `The same network to the last bit: ${hash}, after ${plural(link.iteration, "iteration")}.`,
      };
    const why =
      this.caveat ||
      "Either the experiment was changed since the link was made, or the link does not tell the truth.";
    return {
      tone: "error",
      sentence: `Another network: the weights here have the hash ${hash}, those of the link ${link.hash}. ${why}`,
    };
  }

  /** Of a run that a curriculum, a cutoff or numbers beyond any end too soon. */
  #endedBefore(link: RecipeLink): Said {
    const after = plural(this.#lab.iteration, "iteration");
    return {
      tone: "error",
      sentence:
        `Another network: training ended here after ${after}, and the link promises a hash after ${count(link.iteration)}. ${this.caveat}`.trim(),
    };
  }

  async #openAddress(address: NonNullable<ReturnType<typeof modelAsked>>): Promise<boolean> {
    const attempt = ++this.#attempt;
    if ("problem" in address) {
      this.#refuse(address.problem);
      return false;
    }
    const { url } = address;
    const goOn = await this.#opening.ask({
      title: `Fetch a model from ${url.host}?`,
      sentences: [
        "The address of this page names a file elsewhere. Nothing has been fetched yet.",
        url.href,
        `${url.host} will see that your browser asks for it. The file is checked before it is used, and nothing in it is run.`,
      ],
      action: "Fetch it",
    });
    if (!goOn || attempt !== this.#attempt) return false;
    this.said = { tone: "notice", sentence: `The model is being fetched from ${url.host}.` };
    try {
      const file = await this.#fetch(url);
      if (attempt !== this.#attempt) return false;
      this.said = null;
      const before = this.#lab.replacements;
      await this.#opening.open([file], ([refused]) => {
        this.#refuse(`${refused?.reason ?? ""} ${expected}`);
      });
      if (this.#lab.replacements === before) return false;
      this.link = null;
      this.isExample = false;
      this.proof = null;
      this.#replacement = this.#lab.replacements;
      this.#wantsPage = this.#lab.iteration > 0;
      return true;
    } catch (error) {
      if (!(error instanceof FetchProblem)) throw error;
      this.#refuse(error.message);
      return false;
    }
  }
}

function sentenceOf({ message, hint }: Problem): string {
  return `${message} ${hint}`.trim();
}
