/** "Standard deviation" from "standard deviation". */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Why there is no accuracy, in the words of every view: one output, or trials without a mask, ask for no choice. */
export const noChoice = "there is nothing to choose";

export const noEngine = "The engine is not running.";

/** "Learning rate" from "learning_rate": a field that has no title of its own. */
export function titleFrom(name: string): string {
  return capitalised(name).replaceAll("_", " ");
}
