import { untrack } from "svelte";

/** In a component: acts once it is there, and again whenever what is watched changes; what the action reads does not count. */
export function whenever(watched: () => unknown, action: () => void): void {
  $effect(() => {
    watched();
    untrack(action);
  });
}
