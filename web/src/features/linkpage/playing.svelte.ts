import { onDestroy, untrack } from "svelte";
import type { Lab } from "../../state/lab.svelte";
import { Player } from "./player.svelte";

/** In a component: a player of the lab's trials, which plays from the start where the system does not ask for less motion. */
export function playing(lab: Lab): Player {
  const player = new Player({
    duration: () => (lab.shown && lab.shape ? lab.shape.N_steps * lab.shape.dt : 0),
    next: () => {
      lab.choose(lab.index + 1);
    },
  });
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches)
    untrack(() => {
      player.play();
    });
  onDestroy(() => {
    player.pause();
  });
  return player;
}
