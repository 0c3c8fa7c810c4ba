import type { Problem } from "./api.js";

/** An error of the engine or of the package: a sentence, a stable code, and where and what to do when that is known. */
export class NullclineError extends Error {
  override readonly name = "NullclineError";
  /** Stable identifier for programs: "out_of_range", "disposed", "cancelled", … */
  readonly code: string;
  /** Path into the experiment document, for example "task.dt"; empty where none applies. */
  readonly path: string;
  /** What to do about it; may be empty. */
  readonly hint: string;

  constructor(problem: Problem) {
    super(problem.message);
    this.code = problem.code;
    this.path = problem.path;
    this.hint = problem.hint;
  }
}

/** A problem that has no place in the document. */
export function problem(code: string, message: string, hint = ""): Problem {
  return { code, path: "", message, hint };
}

/** Numbers that are no 32-bit integers would be cut off on their way into the engine, which knows the finer limits. */
export function toWhole(name: string, value: number): number {
  const most = 0x7fffffff;
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new NullclineError({
    ...problem("out_of_range", `${name} must be a whole number from 0 to ${most}; found ${String(value)}.`),
    path: name,
  });
}

/** What may cross to another thread: some browsers cannot clone an Error. */
export function toProblem(error: unknown): Problem {
  if (error instanceof NullclineError) {
    return { code: error.code, path: error.path, message: error.message, hint: error.hint };
  }
  return problem("internal", error instanceof Error ? error.message : String(error));
}
