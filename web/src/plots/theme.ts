/** The colours that plots take from the page's style sheet. */
export interface PlotTheme {
  dark: boolean;
  ink: string;
  inkSoft: string;
  line: string;
  surface: string;
  /** Fill behind every other epoch of a trial. */
  shade: string;
  accent: string;
  /** One colour per channel, the same in input, target and output (Okabe–Ito; brightened on dark). */
  channels: string[];
  /** Units by the sign of what they send: red and blue, as the weights themselves. */
  excitatory: string;
  inhibitory: string;
  fontFamily: string;
}

/** Reads the theme in force from the root element's custom properties. */
export function readTheme(element: Element): PlotTheme {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    dark: element.getAttribute("data-theme") === "dark",
    ink: colour("ink"),
    inkSoft: colour("ink-soft"),
    line: colour("line"),
    surface: colour("surface"),
    shade: colour("shade"),
    accent: colour("accent"),
    channels: Array.from({ length: 7 }, (_, index) => colour(`channel-${index + 1}`)),
    excitatory: colour("excitatory"),
    inhibitory: colour("inhibitory"),
    fontFamily: style.fontFamily,
  };
}

export function channelColour(theme: PlotTheme, channel: number): string {
  return theme.channels[channel % theme.channels.length] ?? theme.ink;
}
