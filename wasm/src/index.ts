/** Nullcline: recurrent networks trained on cognitive tasks. `connect` for pages, `load` for scripts. */

export type * from "./api.js";
export { connect, type ConnectOptions } from "./connect.js";
export { NullclineError } from "./errors.js";
export { load, type LoadOptions } from "./load.js";
