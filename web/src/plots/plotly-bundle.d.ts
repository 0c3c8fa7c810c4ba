declare module "plotly.js-cartesian-dist-min" {
  import type * as Plotly from "plotly.js";
  const bundle: Pick<typeof Plotly, "animate" | "react" | "relayout" | "purge" | "toImage">;
  export default bundle;
}
