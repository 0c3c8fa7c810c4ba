import type { ExperimentDocument } from "nullcline";
import { normalPath } from "../../../document/document";
import { equal } from "../../../json";
import type { Lab } from "../../../state/lab.svelte";
import { isBroken, lineOf, readDocument, type Broken, type Reading } from "./read";
import { writeDocument } from "./write";

/** A sentence that belongs to a line of the text. */
export interface Mark {
  line: number;
  column: number | null;
  text: string;
}

interface Typed {
  text: string;
  reading: Reading | Broken;
  /** The document as it was then. */
  draft: ExperimentDocument;
}

/**
 * The document as text. What was typed stays as typed as long as it says what the document says; text that cannot be read
 * stays too, while the document is the last one that could be.
 */
export class DocumentText {
  readonly #lab: Pick<Lab, "draft" | "problems" | "edit">;
  #typed = $state.raw<Typed | null>(null);

  readonly #stands = $derived.by(() => {
    const typed = this.#typed;
    if (!typed) return null;
    return isBroken(typed.reading) || equal(typed.reading.document, this.#lab.draft) ? typed : null;
  });
  readonly text = $derived.by(() => this.#stands?.text ?? writeDocument(this.#lab.draft));
  readonly #reading = $derived.by(() => this.#stands?.reading ?? readDocument(this.text));
  readonly broken = $derived.by(() => (isBroken(this.#reading) ? this.#reading : null));
  /** Text that cannot be read, and the document has gone on without it. */
  readonly overtaken = $derived.by(
    () => this.broken !== null && this.#typed !== null && this.#typed.draft !== this.#lab.draft,
  );
  /** Where the text cannot be read, as long as it is what was written last. */
  readonly unreadLine = $derived.by(() => (this.broken && !this.overtaken ? this.broken.line : null));
  readonly marks = $derived.by((): Mark[] => {
    const reading = this.#reading;
    if (isBroken(reading)) return [{ line: reading.line, column: reading.column, text: reading.message }];
    return this.#lab.problems
      .map(({ path, message, hint }) => ({
        line: lineOf(reading.lines, normalPath(path)),
        column: null,
        text: hint ? `${message} ${hint}` : message,
      }))
      .sort((a, b) => a.line - b.line);
  });

  constructor(lab: Pick<Lab, "draft" | "problems" | "edit">) {
    this.#lab = lab;
  }

  type(text: string): void {
    const reading = readDocument(text);
    if (!isBroken(reading)) this.#lab.edit(reading.document);
    this.#typed = { text, reading, draft: this.#lab.draft };
  }

  /** Back to the document that the form shows. */
  drop(): void {
    this.#typed = null;
  }

  lineOf(path: string): number {
    return isBroken(this.#reading) ? this.#reading.line : lineOf(this.#reading.lines, normalPath(path));
  }
}
