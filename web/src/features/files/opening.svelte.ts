import type { CheckResult, ExperimentDocument, Files } from "nullcline";
import { count, plural } from "../../plots/numbers";
import type { Lab } from "../../state/lab.svelte";
import { filesNamed, inWordsOfFields } from "../../document/document";
import { isObject } from "../../json";
import { lackIn } from "./archives";
import { namingWeights, withNetwork, withTrials } from "./drafts";
import type { Found, WeightSizes } from "./recognise";

/** What a person is told or asked when a file was opened. */
export interface Message {
  title: string;
  sentences: string[];
  /** What the button says that goes on; null where there is nothing to decide. */
  action: string | null;
}

type Kind<K extends Found["kind"]> = Extract<Found, { kind: K }>;

/** A file that is nothing to open. */
export type Refused = Kind<"refused">;

const mostProblems = 5;

/** Takes files into the page: trials, weights, experiments, runs. A file that is refused changes nothing. */
export class Opening {
  /** True while a file is read. */
  reading = $state(false);
  message = $state.raw<Message | null>(null);
  /** What was opened last, in a sentence, and the network that it made. */
  #said = $state.raw({ sentence: "", stand: 0 });

  /** What there is to tell beside the dialog. What was opened is old news once the run goes on. */
  readonly sentence = $derived.by(() => {
    if (this.reading) return "The file is being read.";
    return this.#lab.busy || this.#lab.stand !== this.#said.stand ? "" : this.#said.sentence;
  });

  readonly #lab: Lab;
  readonly #read: (file: File) => Promise<Found>;
  #answer: ((goOn: boolean) => void) | null = null;
  /** Rises with every attempt: the latest one counts. */
  #attempt = 0;

  constructor(lab: Lab, read: (file: File) => Promise<Found>) {
    this.#lab = lab;
    this.#read = read;
  }

  /** Opens files; those that are nothing to open are told of as files of a disk, or as whoever brought them wants it. */
  async open(
    files: Iterable<File>,
    refuse = (refused: Refused[]) => {
      this.#refuse(refused);
    },
  ): Promise<void> {
    const chosen = [...files];
    if (chosen.length === 0) return;
    this.answer(false);
    this.dismiss();
    const attempt = ++this.#attempt;
    this.reading = true;
    const found = await Promise.all(chosen.map((file) => this.#read(file)));
    if (attempt !== this.#attempt) return;
    this.reading = false;
    if (this.#lab.phase !== "ready" || !this.#lab.editable)
      this.tell("Nothing was opened", ["The engine is not running, so that no file can be opened now."]);
    else {
      const refused = found.filter((file) => file.kind === "refused");
      if (refused.length > 0) refuse(refused);
      else await this.#take(found);
    }
  }

  #refuse(refused: Refused[]): void {
    this.tell(
      refused.length === 1 ? "The file was not opened" : "Files were not opened",
      refused.map(({ reason, hint = "" }) => `${reason} ${hint}`.trim()),
    );
  }

  /** What the person decided. */
  answer(goOn: boolean): void {
    this.message = null;
    this.#answer?.(goOn);
    this.#answer = null;
  }

  /** The sentence has been read. */
  dismiss(): void {
    this.#say("");
  }

  #say(sentence: string): void {
    this.#said = { sentence, stand: this.#lab.stand };
  }

  async #take(found: Found[]): Promise<void> {
    const first = found.find(({ kind }) => kind === "experiment" || kind === "state") ?? found[0];
    if (!first) return;
    const others = found.filter((file) => file !== first);
    const allowed = first.kind === "experiment" || first.kind === "state";
    if (others.length > 0 && (!allowed || others.some((file) => !("content" in file)))) {
      this.tell("Nothing was opened", [
        "Open one file at a time, or an experiment together with the files that it names.",
      ]);
      return;
    }
    const files = Object.fromEntries(
      others.flatMap((file) => ("content" in file ? [[file.name, file.content] as const] : [])),
    );
    await this.#open(first, files);
  }

  async #open(found: Found, files: Files): Promise<void> {
    const isNamed = Object.keys(filesNamed(this.#lab.draft, { [found.name]: {} })).length > 0;
    if (isNamed && "content" in found && found.kind !== "state") {
      await this.#file(found.name, found.content);
      return;
    }
    switch (found.kind) {
      case "experiment":
        await this.#experiment(found, files);
        break;
      case "state":
        await this.#state(found, files);
        break;
      case "trials":
        await this.#trials(found);
        break;
      case "weights":
        await this.#weights(found);
        break;
      case "arrays":
        this.#arrays(found);
        break;
      case "refused":
        break;
    }
  }

  #arrays({ name, keys }: Kind<"arrays">): void {
    const lack = lackIn(keys);
    this.tell(`${name} was not opened`, [
      `It holds ${arrayNames(keys)}. ${lack && `${lack} `}Opened are archives of trials (x, y and mask) and of weights (W_in, W_rec, W_out, …), and files that the experiment names.`,
    ]);
  }

  async #experiment({ name, document }: Kind<"experiment">, files: Files): Promise<void> {
    const result = await this.#consider(document, files);
    if (!result) return;
    const problems = this.#inWords(document, result);
    if (problems.length > 0) {
      const title = `${name} has ${plural(result.problems.length, "problem")}`;
      const after = [
        // An unknown field, for one, has no place in the form.
        `Opened all the same, it can be put right: in the form, or as text where the form has no field for it.${this.#started ? ` ${this.#loss}` : ""}`,
      ];
      if (!(await this.ask({ title, sentences: [...problems, ...after], action: "Open it all the same" })))
        return;
    } else if (!(await this.mayDrop(name))) return;
    await this.#replace(document, files);
    this.#say(`${name} is open.${this.#unused(document, files)}`);
  }

  async #state({ name, document, arithmetic, content }: Kind<"state">, files: Files): Promise<void> {
    const here = this.#lab.build?.arithmetic;
    if (document.arithmetic === "auto" && arithmetic !== here) {
      this.tell(`${name} was not opened`, [
        `The run was computed with ${arithmetic} arithmetic; this browser computes with ${here ?? "another one"}, so that it could not go on to the same result.`,
      ]);
      return;
    }
    if (!(await this.#isValid(`${name} was not opened`, document, files))) return;
    if (!(await this.mayDrop(name))) return;
    await this.#replace(document, files);
    const restored = await this.#lab.restore(content, name);
    this.#say(
      restored
        ? `${name} is open: the run stands at iteration ${count(this.#lab.iteration)}.`
        : `The experiment of ${name} is open, untrained.`,
    );
  }

  async #trials(found: Kind<"trials">): Promise<void> {
    const { name, content } = found;
    const files = { [name]: content };
    const draft = withTrials(this.#lab.draft, found);
    if (!(await this.#isValid(`${name} was not opened`, draft, files))) return;
    if (!(await this.mayDrop(name))) return;
    const hadCurriculum = isObject(this.#lab.draft.curriculum);
    await this.#replace(draft, files);
    const { N_steps, N_in, N_out } = this.#lab.shape ?? { N_steps: 0, N_in: 0, N_out: 0 };
    const what = `${plural(found.count, "trial")} of ${plural(N_steps, "step")}, ${plural(N_in, "input")} and ${plural(N_out, "output")}`;
    this.#say(
      `${name} is the task now: ${what}.${hadCurriculum ? " The curriculum, which was for another task, was taken out." : ""}`,
    );
  }

  async #weights({ name, sizes, content }: Kind<"weights">): Promise<void> {
    const { draftShape, resolved, pending } = this.#lab;
    const title = `${name} was not opened`;
    if (!draftShape || !resolved) {
      this.tell(title, ["The experiment has problems; put them right first, so that there is a network."]);
      return;
    }
    if (sizes.N_in !== draftShape.N_in || sizes.N_out !== draftShape.N_out) {
      this.tell(title, [
        `It holds the weights of a network with ${channels(sizes)}; the task here has ${channels(draftShape)}: choose the task that they were trained on, and open the file again.`,
      ]);
      return;
    }
    const type = networkType(resolved);
    if (type === sizes.type && sizes.N_rec === draftShape.N_rec) {
      if (!(await this.#canHave(title, this.#lab.draft, content, name))) return;
      if (!(await this.mayDrop(name))) return;
      if (pending) await this.#lab.apply();
    } else {
      const here = `${type} network of ${plural(draftShape.N_rec, "unit")}`;
      const there = `${sizes.type} network of ${plural(sizes.N_rec, "unit")}`;
      const next = await this.#networkOf(title, name, sizes, content);
      if (!next || !(await this.#canHave(title, next, content, name))) return;
      const goOn = await this.ask({
        title: `Make the network of ${name}?`,
        sentences: [
          `The file holds the weights of ${article(there)}; the experiment has ${article(here)}.`,
          ...(this.#started ? [this.#loss] : []),
        ],
        action: "Make that network",
      });
      if (!goOn) return;
      await this.#lab.replace(next);
    }
    const { trouble } = this.#lab;
    const skipped = await this.#lab.importWeights(content, name);
    if (this.#lab.trouble !== trouble) return;
    this.#say(`The network has the weights of ${name}.`);
    if (skipped.length > 0) this.tell(`${name} is open`, skipped);
  }

  /** Whether the network of a document can have the weights of a file; tells why where it cannot. */
  async #canHave(
    title: string,
    document: ExperimentDocument,
    content: Uint8Array,
    name: string,
  ): Promise<boolean> {
    const refused = await this.#lab.refusal(document, content, name);
    if (refused) this.tell(title, [`${refused.message} ${refused.hint}`.trim()]);
    return !refused;
  }

  /** The experiment with the network of a file of weights; null, and told, where there can be none. */
  async #networkOf(
    title: string,
    name: string,
    sizes: WeightSizes,
    content: Uint8Array,
  ): Promise<ExperimentDocument | null> {
    const { draft } = this.#lab;
    const naming = namingWeights(draft, name, sizes.type);
    // An LSTM has neither masks nor signs, and no weights that an initializer takes.
    const read = sizes.type === "LSTM" ? null : await this.#consider(naming, { [name]: content });
    if (read && !read.document) {
      this.tell(title, this.#inWords(naming, read));
      return null;
    }
    const network = read?.document?.network;
    const next = withNetwork(draft, sizes, isObject(network) ? network : {});
    return (await this.#isValid(title, next, {})) ? next : null;
  }

  /** A file that the experiment names already. */
  async #file(name: string, content: Files[string]): Promise<void> {
    const files = { [name]: content };
    const { draft } = this.#lab;
    const result = await this.#consider(draft, files);
    if (!result) return;
    // Problems that were there before are no fault of the file.
    const fresh = result.problems.filter(({ message }) => message.includes(name));
    if (fresh.length > 0) {
      this.tell(`${name} was not opened`, this.#inWords(draft, { ...result, problems: fresh }));
      return;
    }
    if (!(await this.mayDrop(name))) return;
    await this.#replace(draft, files);
    this.#say(`${name}, which the experiment names, is there.`);
  }

  async #consider(document: ExperimentDocument, files: Files): Promise<CheckResult | null> {
    return this.#lab.consider(document, { ...this.#lab.files, ...files });
  }

  /** Whether the engine takes a document; tells its problems where it does not. */
  async #isValid(title: string, document: ExperimentDocument, files: Files): Promise<boolean> {
    const result = await this.#consider(document, files);
    if (!result) return false;
    if (result.problems.length === 0) return true;
    this.tell(title, this.#inWords(document, result));
    return false;
  }

  async #replace(document: ExperimentDocument, files: Files): Promise<void> {
    for (const [name, content] of Object.entries(filesNamed(document, files)))
      this.#lab.addFile(name, content);
    await this.#lab.replace(document);
  }

  #unused(document: ExperimentDocument, files: Files): string {
    const named = filesNamed(document, files);
    const rest = Object.keys(files).filter((name) => !(name in named));
    return rest.length === 0
      ? ""
      : ` It does not name ${rest.join(" and ")}, which ${rest.length === 1 ? "was" : "were"} left out.`;
  }

  #inWords(document: ExperimentDocument, { problems }: CheckResult): string[] {
    const { schema } = this.#lab;
    const words = schema ? inWordsOfFields(schema, document, problems) : problems;
    const sentences = words.slice(0, mostProblems).map(({ message, hint }) => `${message} ${hint}`.trim());
    const more = words.length - sentences.length;
    return more > 0 ? [...sentences, `And ${more} more.`] : sentences;
  }

  get #started(): boolean {
    return this.#lab.started;
  }

  get #loss(): string {
    return `The trained network (iteration ${count(this.#lab.iteration)}) makes way and stays in Runs.`;
  }

  /** Asks, where a trained network would be dropped. */
  async mayDrop(name: string): Promise<boolean> {
    if (!this.#started) return true;
    return this.ask({ title: `Open ${name}?`, sentences: [this.#loss], action: "Open it" });
  }

  /** Tells what there is nothing to decide about. */
  tell(title: string, sentences: string[]): void {
    this.answer(false);
    this.message = { title, sentences, action: null };
  }

  /** Asks, and waits for the answer. */
  async ask(message: Message): Promise<boolean> {
    this.answer(false);
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.message = message;
    });
  }
}

function networkType({ network }: ExperimentDocument): string {
  return isObject(network) && typeof network.type === "string" ? network.type : "";
}

function arrayNames(keys: string[]): string {
  const shown = keys.slice(0, 6).map((key) => (key.length > 24 ? `${key.slice(0, 24)}…` : key));
  const more = keys.length > shown.length ? ` and ${keys.length - shown.length} more` : "";
  return `the ${keys.length === 1 ? "array" : "arrays"} ${shown.join(", ")}${more}`;
}

function channels({ N_in, N_out }: Pick<WeightSizes, "N_in" | "N_out">): string {
  return `${plural(N_in, "input")} and ${plural(N_out, "output")}`;
}

/** "an LSTM network", "a Basic network" */
function article(words: string): string {
  return `${words.startsWith("LSTM") ? "an" : "a"} ${words}`;
}
