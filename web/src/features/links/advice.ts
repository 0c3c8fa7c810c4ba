import { lengthAdvice } from "nullcline/links";
import { count } from "../../plots/numbers";
import { capitalised } from "../../words";

/** Whether a link of a length survives a place, in words. */
export interface Advice {
  survives: boolean;
  words: string;
}

/** What a link of a length survives, the safest place first; one sentence where that is everything. */
export function adviceFor(length: number): Advice[] {
  const places = lengthAdvice(length).toReversed();
  if (places.every(({ survives }) => survives))
    return [{ survives: true, words: "Short enough for everything: mail, chat, a QR code." }];
  return places.map(({ name, most, survives, otherwise }) => ({
    survives,
    words: survives
      ? `${capitalised(name)}: gets through`
      : `${capitalised(name)}: links of more than ${count(most)} characters ${otherwise}`,
  }));
}
