import type { Sharing } from "nullcline/links";

/** How a field stands in the form of whoever opens a link. */
export type Standing = "shown" | "locked" | "hidden";

/** All fields but the name. */
export const all = "*";

/** "!network.N_rec" leaves a field out of what else is in a list. */
export function leavingOut(path: string): string {
  return `!${path}`;
}

function isWithin(path: string, whole: string): boolean {
  return whole === all || path === whole || path.startsWith(`${whole}.`);
}

/** Whether a list names all of what is at a path; a section of which a field is left out is not named as a whole. */
function covers(paths: string[] = [], path: string): boolean {
  const isLeftOut = (one: string) =>
    one.startsWith("!") && (isWithin(path, one.slice(1)) || isWithin(one.slice(1), path));
  return paths.some((one) => isWithin(path, one)) && !paths.some(isLeftOut);
}

export function standingOf({ hidden, locked }: Sharing, path: string): Standing {
  if (covers(hidden, path)) return "hidden";
  return covers(locked, path) ? "locked" : "shown";
}

export function isRestricted({ hidden = [], locked = [] }: Sharing): boolean {
  return hidden.length + locked.length > 0;
}

/** Whether a section, or anything in it, is hidden or locked. */
export function restricts({ hidden = [], locked = [] }: Sharing, section: string): boolean {
  return [hidden, locked].some((paths) =>
    paths.some((one) => (one === all ? !paths.includes(leavingOut(section)) : isWithin(one, section))),
  );
}

/** "This link hides some fields and locks others." */
export function sharingInWords({ hidden = [], locked = [] }: Sharing): string {
  if (hidden.length > 0 && locked.length > 0)
    return "The link that you opened hides some fields and locks others.";
  return `The link that you opened ${hidden.length > 0 ? "hides" : "locks"} some fields.`;
}
