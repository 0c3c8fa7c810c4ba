import { createContext } from "svelte";
import type { Lab } from "../../state/lab.svelte";

/** The page's state, for the editors deep in a form that need more than their own value. */
export const [getLab, setLab] = createContext<Lab>();
