import "./app.css";
import { connect } from "nullcline";
import { mount } from "svelte";
import App from "./App.svelte";
import { Lab } from "./state/lab.svelte";
import { Appearance } from "./ui/appearance.svelte";

const lab = new Lab({
  connect: () =>
    connect({
      engineUrl: new URL("engine/", document.baseURI),
      worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
    }),
});

const target = document.getElementById("app");
if (!target) throw new Error("The page has no element #app.");
mount(App, { target, props: { lab, appearance: new Appearance() } });
