// Sets up and builds what is missing, and serves the page on this machine.
//   npm start [-- --port N] [-- --no-build]
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildAll } from "./build.mjs";
import { inRoot } from "./lib/paths.mjs";
import { Failure, main, say } from "./lib/process.mjs";
import { serve } from "./lib/server.mjs";
import { setUp } from "./setup.mjs";

const usualPort = 8080;

function options() {
  try {
    const known = { port: { type: "string" }, "no-build": { type: "boolean", default: false } };
    const { values } = parseArgs({ options: known });
    return { port: portFrom(values.port ?? process.env.PORT ?? `${usualPort}`), build: !values["no-build"] };
  } catch (error) {
    throw new Failure(`${error.message}\nUsage: npm start -- [--port N] [--no-build]`);
  }
}

function portFrom(text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65500)
    throw new Failure(`"${text}" is not a port number.`);
  return port;
}

await main(async () => {
  const { port, build } = options();
  if (build) {
    await setUp("wasm", "node");
    await buildAll();
  }
  const site = inRoot("web", "dist");
  if (!existsSync(site)) throw new Failure("There is no page in web/dist yet; start without --no-build.");
  const { address } = await serve(site, port);
  say(`\nNullcline is at ${address}  (Ctrl-C stops it)`);
});
