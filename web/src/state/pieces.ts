import type { Lesion, RemoteSession, Run, RunOptions, Shape, Trials } from "nullcline";
import { selectTrials } from "./select";
import { noiseOf } from "./noise";

/** Some of the trials that a network is to be run on: few enough to be run at once. */
export interface Piece {
  count: number;
  /** What the trials are drawn by, and their recurrent noise. */
  draw: number;
  /** Given parameters, where they are not drawn. */
  params?: { [name: string]: number }[];
}

/** The engine runs so many trials side by side. */
const sideBySide = 16;

const mostTrials = 6 * sideBySide;

/** Rates that one answer of the engine may bring: neither memory nor the page's calm is to suffer. */
const mostRates = 1.6e6;

/** Trials of a piece. */
export function pieceSize({ N_steps, N_rec }: Pick<Shape, "N_steps" | "N_rec">): number {
  const most = Math.min(mostTrials, Math.floor(mostRates / (N_steps * N_rec)));
  return most < sideBySide ? Math.max(1, most) : most - (most % sideBySide);
}

/** So many trials in pieces, each with a draw of its own. */
export function piecesOf(
  count: number,
  shape: Pick<Shape, "N_steps" | "N_rec">,
  firstDraw: number,
  params: { [name: string]: number }[] | null = null,
): Piece[] {
  const most = pieceSize(shape);
  return Array.from({ length: Math.ceil(count / most) }, (_, index) => {
    const from = index * most;
    const size = Math.min(most, count - from);
    const draw = firstDraw + index;
    return params ? { count: size, draw, params: params.slice(from, from + size) } : { count: size, draw };
  });
}

/** The trials of a piece, and the noise that every network must have on them if they are to be compared. */
export async function drawn(
  session: RemoteSession,
  piece: Piece,
): Promise<{ trials: Trials; noise: Pick<RunOptions, "noise"> }> {
  const trials = await session.trials(piece);
  return { trials, noise: await noiseOf(session, trials.count, piece.draw) };
}

/** Runs the network in pieces on trials that are there; its noise is the same with a lesion and without. */
export async function runInPieces(
  session: RemoteSession,
  trials: Trials,
  { draw, lesion }: { draw: number; lesion: Lesion | null },
  take: (run: Run, first: number) => void,
): Promise<void> {
  let first = 0;
  for (const piece of piecesOf(trials.count, session.shape, draw)) {
    const some = selectTrials(trials, first, first + piece.count);
    const noise = await noiseOf(session, piece.count, piece.draw);
    take(await session.run(some, { ...noise, ...(lesion ? { lesion } : {}) }), first);
    first += piece.count;
  }
}
