import "./app.css";
import { connect } from "nullcline";
import { mount } from "svelte";
import App from "./App.svelte";
import EmbedPage from "./features/embed/EmbedPage.svelte";
import { isEmbedded } from "./features/links/addresses";
import { Lab } from "./state/lab.svelte";
import { Appearance } from "./ui/appearance.svelte";

const embedded = isEmbedded(location.search);

const lab = new Lab({
  connect: () =>
    connect({
      engineUrl: new URL("engine/", document.baseURI),
      worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
      // Several may stand in one page, and none of them trains for long.
      ...(embedded ? { threads: 1 } : {}),
    }),
});

const target = document.getElementById("app");
if (!target) throw new Error("The page has no element #app.");
mount(embedded ? EmbedPage : App, { target, props: { lab, appearance: new Appearance() } });
