import { NullclineError, problem } from "../errors.js";

const again = "Copy the whole link again, or ask for the model as a file.";

/** A link that cannot be read. The sentences say what was found; nothing of it is used. */
export function badLink(what: string, hint = again): NullclineError {
  return new NullclineError(problem("bad_link", `This link is damaged: ${what}.`, hint));
}

export function tooLarge(message: string): NullclineError {
  return new NullclineError(problem("too_large", message, "A file holds any model: save it and share that."));
}

/** 1530 as "1,530". */
export function counted(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
