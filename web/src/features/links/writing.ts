/** What makes links: fetched when something is shared. */

export { encodeLink, quantise } from "nullcline/links";
export { sparse } from "./sparse";
export { loss, measureSurvival } from "./survival";
