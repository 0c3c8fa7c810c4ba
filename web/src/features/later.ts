/** Parts of the page that are not seen at the start: fetched when they are wanted, or before, once the page has settled. */
export const later = {
  experiment: () => import("./experiment/ExperimentPanel.svelte"),
  learning: () => import("./learning/LearningView.svelte"),
  behaviour: () => import("./behaviour/BehaviourView.svelte"),
  weights: () => import("./weights/WeightsTab.svelte"),
  activity: () => import("./activity/ActivityTab.svelte"),
  traces: () => import("../plots/traces"),
  lesionBar: () => import("./lesions/LesionBar.svelte"),
  saving: () => import("./files/saving"),
  sharing: () => import("./links/ShareChoices.svelte"),
  runs: () => import("./runs/RunsList.svelte"),
  writing: () => import("./links/writing"),
  handing: () => import("./links/Handing.svelte"),
  examples: () => import("./gallery/examples"),
  gallery: () => import("./gallery/GalleryList.svelte"),
  pictures: () => import("./gallery/pictures"),
  matrixEditor: () => import("./experiment/matrix/MatrixEditor.svelte"),
};

/** So that they are at hand without waiting, and without a connection. */
export function fetchAll(): void {
  // Whoever wants a part that could not be fetched is told then.
  for (const load of Object.values(later)) load().catch(() => undefined);
}
