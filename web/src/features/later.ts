/** Parts of the page that are not seen at the start: fetched when they are wanted, or before, once the page has settled. */
export const later = {
  behaviour: () => import("./behaviour/BehaviourView.svelte"),
  weights: () => import("./weights/WeightsTab.svelte"),
  activity: () => import("./activity/ActivityTab.svelte"),
  matrixEditor: () => import("./experiment/matrix/MatrixEditor.svelte"),
};

/** So that they are at hand without waiting, and without a connection. */
export function fetchAll(): void {
  // Whoever wants a part that could not be fetched is told then.
  for (const load of Object.values(later)) load().catch(() => undefined);
}
