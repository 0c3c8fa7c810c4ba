/**
 * `<nullcline-model src="#m2=…">`: a trained network at work, for slides and course pages anywhere. The element frames the
 * page that this script came from, so that it needs nothing of the page around it. It imports nothing and leaves no names
 * behind: it may be loaded as a plain script or as a module.
 */
(() => {
  const name = "nullcline-model";

  /** Where the page is: beside this script. */
  function pageAddress(): string {
    const own = document.currentScript ?? document.querySelector(`script[src*="${name}.js"]`);
    const source = own instanceof HTMLScriptElement ? own.src : document.baseURI;
    return new URL("./", source).href;
  }

  const page = pageAddress();

  const style = `
    :host { display: block; height: 420px; }
    :host([hidden]) { display: none; }
    iframe { display: block; box-sizing: border-box; width: 100%; height: 100%; border: 1px solid #7d8896; border-radius: 8px; }
    p { margin: 0; border-left: 4px solid #b3261e; padding: 8px 16px; font: 14px/20px system-ui, sans-serif; }
  `;

  class NullclineModel extends HTMLElement {
    static readonly observedAttributes = ["src", "model", "title"];
    readonly #root = this.attachShadow({ mode: "open" });

    connectedCallback(): void {
      this.#show();
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#show();
    }

    #show(): void {
      const sheet = document.createElement("style");
      sheet.textContent = style;
      this.#root.replaceChildren(sheet, this.#content());
    }

    #content(): HTMLElement {
      const address = this.#address();
      if (address === null) {
        const told = document.createElement("p");
        told.textContent = `<${name}> shows nothing yet: give it src="#m2=…" or src="#r2=…", the part of a link from the # on, or model="https://…", the address of a saved run.`;
        return told;
      }
      const frame = document.createElement("iframe");
      frame.title = this.title || "Nullcline: a network at work";
      frame.loading = "lazy";
      frame.allow = "clipboard-write";
      frame.src = address;
      return frame;
    }

    /** Only what is behind the # of a link counts: the page is always the one that the script came from. */
    #address(): string | null {
      const source = this.getAttribute("src") ?? "";
      const fragment = source.slice(source.indexOf("#") + 1);
      if (source.includes("#") && fragment !== "") return `${page}?embed#${fragment}`;
      const model = this.getAttribute("model") ?? "";
      return model === "" ? null : `${page}?embed&model=${encodeURIComponent(model)}`;
    }
  }

  if (!customElements.get(name)) customElements.define(name, NullclineModel);
})();
