import { readTheme, type PlotTheme } from "../plots/theme";

export type ThemeChoice = "system" | "light" | "dark";

const storageKey = "nullcline.theme";
const prefersDark = "(prefers-color-scheme: dark)";

/** Light or dark, as the system or the reader wants it; plots read their colours from here. */
export class Appearance {
  choice = $state<ThemeChoice>("system");
  plots = $state.raw<PlotTheme | null>(null);
  readonly #root: HTMLElement;
  readonly #query: MediaQueryList;

  constructor(root: HTMLElement = document.documentElement) {
    this.#root = root;
    this.#query = matchMedia(prefersDark);
    this.#query.addEventListener("change", () => {
      this.#show();
    });
    this.choice = stored();
    this.#show();
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    try {
      localStorage.setItem(storageKey, choice);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
    this.#show();
  }

  #show(): void {
    const dark = this.choice === "dark" || (this.choice === "system" && this.#query.matches);
    this.#root.setAttribute("data-theme", dark ? "dark" : "light");
    this.plots = readTheme(this.#root);
  }
}

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(storageKey);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}
