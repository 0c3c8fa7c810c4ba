import "./app.css";
import { connect, type RemoteEngine } from "nullcline";
import { mount } from "svelte";
import App from "./App.svelte";
import EmbedPage from "./features/embed/EmbedPage.svelte";
import { isEmbedded } from "./features/links/addresses";
import { Lab } from "./state/lab.svelte";
import { Appearance } from "./ui/appearance.svelte";

const embedded = isEmbedded(location.search);

function connectEngine(): Promise<RemoteEngine> {
  return connect({
    engineUrl: new URL("engine/", document.baseURI),
    worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
    // Several may stand in one page, and none of them trains for long.
    ...(embedded ? { threads: 1 } : {}),
  });
}

/** The first engine is on its way while the page is made, which takes as long. */
let early: Promise<RemoteEngine> | null = connectEngine();
early.catch(() => undefined);

const lab = new Lab({
  connect: () => {
    const engine = early ?? connectEngine();
    early = null;
    return engine;
  },
});

const target = document.getElementById("app");
if (!target) throw new Error("The page has no element #app.");
const appearance = new Appearance();
// In a task of its own, before which the engine is asked for.
setTimeout(() => mount(embedded ? EmbedPage : App, { target, props: { lab, appearance } }));
