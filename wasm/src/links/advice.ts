/** Where a link may be put, and whether one of this length survives there. */
export interface Place {
  /** For example "Slack". */
  name: string;
  /** Characters of a whole link that get through. */
  most: number;
  survives: boolean;
  /** What happens to longer links: the end of a sentence about them, for example "are cut". */
  otherwise: string;
}

const places: Omit<Place, "survives">[] = [
  { name: "mail and WhatsApp", most: 998, otherwise: "may be wrapped or cut" },
  { name: "Discord", most: 2000, otherwise: "do not fit into a message" },
  { name: "QR code", most: 2900, otherwise: "do not fit into one" },
  { name: "Slack", most: 4000, otherwise: "are cut" },
  { name: "bookmarks and history of browsers", most: 65_536, otherwise: "are not kept" },
  { name: "every browser", most: 1_048_576, otherwise: "are not opened by Firefox" },
];

/** What a whole link of so many characters survives, the place that allows least first. */
export function lengthAdvice(length: number): Place[] {
  return places.map((place) => ({ ...place, survives: length <= place.most }));
}
