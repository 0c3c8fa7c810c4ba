/**
 * Experiments and trained networks as links: what stands behind the `#` of an address, which never reaches a server.
 * docs/links.md describes the format byte by byte.
 */

export { lengthAdvice, type Place } from "./advice.js";
export { decodeLink, isLink } from "./decode.js";
export { encodeLink } from "./encode.js";
export type { Link, ModelLink, RecipeLink, Sharing } from "./link.js";
export { quantise, type Precision } from "./precision.js";
