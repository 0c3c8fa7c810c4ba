import { createContext } from "svelte";
import type { Lab } from "../../state/lab.svelte";
import type { MadeMatrices } from "./matrix/made.svelte";

/** The page's state, for the editors deep in a form that need more than their own value. */
export const [getLab, setLab] = createContext<Lab>();

export const [getMade, setMade] = createContext<MadeMatrices>();
