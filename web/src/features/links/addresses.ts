/** Addresses that open a model, and the snippets that put one into a page. */

/** Where the page stands, without what a visit adds to it. */
export function pageAddress({ origin, pathname }: Pick<Location, "origin" | "pathname">): string {
  return origin + pathname;
}

/** Whether nobody else can open links to this page. */
export function isLocal(page: string): boolean {
  const { protocol, hostname } = new URL(page);
  return protocol === "file:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

/** What a link opens: the part behind its `#`, or a file elsewhere. */
export type Source = { fragment: string } | { model: string };

export function linkTo(page: string, source: Source, embed = false): string {
  const query = [
    ...(embed ? ["embed"] : []),
    ...("model" in source ? [`model=${encodeURIComponent(source.model)}`] : []),
  ].join("&");
  return `${page}${query && `?${query}`}${"fragment" in source ? `#${source.fragment}` : ""}`;
}

export function iframeSnippet(page: string, source: Source, title: string): string {
  return `<iframe src="${quoted(linkTo(page, source, true))}" title="${quoted(title)}" width="100%" height="420" style="border: 0" loading="lazy"></iframe>`;
}

export function elementSnippet(page: string, source: Source, title: string): string {
  const script = quoted(new URL("nullcline-model.js", page).href);
  const [name, value] = "model" in source ? ["model", source.model] : ["src", `#${source.fragment}`];
  return `<script src="${script}" defer></script>\n<nullcline-model ${name}="${quoted(value)}" title="${quoted(title)}"></nullcline-model>`;
}

function quoted(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}

/** Hosts that a page on this machine may ask without encryption. */
const near = ["localhost", "127.0.0.1", "[::1]"];

/** The address of a model file as typed, or one sentence on why none can be fetched from there. */
export function modelAddress(text: string): { url: URL } | { problem: string } {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (!url) return { problem: "This is no whole address: it begins with https:// and names a file." };
  if (url.username !== "" || url.password !== "")
    return { problem: "The address holds a name or a password, which would be passed on with it." };
  if (url.protocol === "https:" || (url.protocol === "http:" && near.includes(url.hostname))) return { url };
  const slashes = text.trim().slice(url.protocol.length).startsWith("//") ? "//" : "";
  return {
    problem: `Models are fetched from addresses that begin with https://; this one begins with ${url.protocol}${slashes}.`,
  };
}

/** What an address asks for with `?model=`: the file, or why none can be fetched; null where it asks for none. */
export function modelAsked(search: string): ReturnType<typeof modelAddress> | null {
  const [first, ...more] = new URLSearchParams(search).getAll("model");
  if (first === undefined) return null;
  if (more.length === 0) return modelAddress(first);
  return {
    problem: `The address of this page names ${more.length + 1} models, and one is opened at a time.`,
  };
}

/** The file that an address asks for with `?model=`; null where it asks for none. */
export function modelIn(search: string): string | null {
  return new URLSearchParams(search).get("model");
}

/** Whether an address asks for an untrained network where no run is kept, and not for the example. */
export function asksForNew(search: string): boolean {
  return new URLSearchParams(search).has("new");
}

/** Whether the page stands in another one, as a frame or an element. */
export function isEmbedded(search: string): boolean {
  return new URLSearchParams(search).has("embed");
}
