import { relaxedSimd, simd, threads as threadsSupported } from "wasm-feature-detect";
import type { Arithmetic, BuildReport, Engine } from "./api.js";
import "./disposable.js";
import { createEngine } from "./engine.js";
import { NullclineError, problem } from "./errors.js";
import type { EngineModule, ModuleFactory } from "./module.js";
import { importSystem, isNode } from "./platform.js";

export interface LoadOptions {
  /** Folder of the engine's modules (`nullcline-*.mjs` and `.wasm`), ending in "/". Default: beside this package's code. */
  engineUrl?: URL | string;
  /** Threads to use at most, the calling one included. Default: one a core, at most 8. */
  threads?: number;
  /** Default "auto": fused where this browser and processor have it. */
  arithmetic?: Arithmetic | "auto";
}

/** More threads than this gain nothing for the networks that are trained here. */
const mostThreads = 8;

/** What a browser or Node can do, and what it cannot in words. */
export interface Features {
  /** How sentences name the place: "this browser". */
  here: string;
  simd: boolean;
  relaxedSimd: boolean;
  threads: boolean;
  isolated: boolean;
  cores: number;
}

export async function detectFeatures(): Promise<Features> {
  const [hasSimd, hasRelaxedSimd, hasThreads] = await Promise.all([
    simd(),
    relaxedSimd(),
    threadsSupported(),
  ]);
  const scope = globalThis as { crossOriginIsolated?: boolean };
  return {
    here: isNode ? "this version of Node" : "this browser",
    simd: hasSimd,
    relaxedSimd: hasRelaxedSimd,
    threads: hasThreads,
    isolated: scope.crossOriginIsolated ?? true, // Node has no such notion
    cores: await countCores(),
  };
}

async function countCores(): Promise<number> {
  return isNode ? (await importSystem()).availableParallelism() : navigator.hardwareConcurrency;
}

/** Which build to load, and why. */
export interface Choice {
  threaded: boolean;
  threads: number;
  arithmetic: Arithmetic;
  reasons: string[];
}

export function chooseBuild(features: Features, options: LoadOptions): Choice {
  if (!features.simd) {
    throw new NullclineError(
      problem(
        "unsupported",
        `Nullcline needs WebAssembly SIMD, which ${features.here} does not have.`,
        "Any current version of Chrome, Edge, Firefox or Safari (16.4 or newer) has it.",
      ),
    );
  }
  const [threads, threadsReason] = chooseThreads(features, options.threads);
  const [arithmetic, arithmeticReason] = chooseArithmetic(features, options.arithmetic ?? "auto");
  return { threaded: threads > 1, threads, arithmetic, reasons: [arithmeticReason, threadsReason] };
}

function chooseThreads(features: Features, wanted: number | undefined): [number, string] {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1)) {
    throw new NullclineError(
      problem("out_of_range", `threads must be a whole number of at least 1; found ${String(wanted)}.`),
    );
  }
  if (wanted === 1) return [1, "One thread, as asked for."];
  if (!features.isolated) {
    return [1, "One thread: this page was served without the headers that cross-origin isolation needs."];
  }
  if (!features.threads) return [1, `One thread: ${features.here} has no WebAssembly threads.`];
  const threads = Math.min(wanted ?? features.cores, mostThreads);
  if (threads === 1) return [1, "One thread: this machine has one core."];
  return [
    threads,
    wanted === undefined
      ? `${threads} threads: this machine has ${features.cores} cores.`
      : threads < wanted
        ? `${threads} threads: more than that, as asked for, gain nothing.`
        : `${threads} threads, as asked for.`,
  ];
}

function chooseArithmetic(features: Features, wanted: Arithmetic | "auto"): [Arithmetic, string] {
  if (wanted === "plain") return ["plain", "Plain arithmetic, as asked for."];
  if (features.relaxedSimd) return ["fused", `Fused arithmetic: ${features.here} has relaxed SIMD.`];
  if (wanted === "fused")
    throw fusedUnavailable(`Fused arithmetic needs relaxed SIMD, which ${features.here} does not have.`);
  return ["plain", `Plain arithmetic: ${features.here} has no relaxed SIMD.`];
}

function fusedUnavailable(message: string): NullclineError {
  return new NullclineError(problem("not_available", message, 'Choose "auto" or "plain".'));
}

/** Loads the best build of the engine for this browser or Node, into the calling thread. Pages use `connect` instead. */
export async function load(options: LoadOptions = {}): Promise<Engine> {
  const choice = chooseBuild(await detectFeatures(), options);
  const name = `${choice.threaded ? "threads-" : ""}${choice.arithmetic}`;
  const module = await instantiate(name, options.engineUrl, choice.threads);
  const { fused, version, numerics } = module.build();
  if (choice.arithmetic === "fused" && !fused) {
    const reason = "This processor rounds twice where relaxed SIMD may round once.";
    if (options.arithmetic === "fused") throw fusedUnavailable(reason);
    choice.arithmetic = "plain";
    choice.reasons[0] = `Plain arithmetic: ${reason}`;
  }
  const threads = module.start_threads(choice.threads);
  if (threads < choice.threads) {
    choice.reasons[1] = `${threads} of ${choice.threads} threads: the system gave no more.`;
  }
  const build: BuildReport = {
    name,
    arithmetic: choice.arithmetic,
    threads,
    reasons: choice.reasons,
    version,
    numerics,
  };
  return createEngine(module, build);
}

async function instantiate(
  name: string,
  engineUrl: URL | string | undefined,
  threads: number,
): Promise<EngineModule> {
  const folder = String(engineUrl ?? new URL(/* @vite-ignore */ "./engine/", import.meta.url));
  if (!folder.endsWith("/") || !URL.canParse(folder)) {
    throw new NullclineError(
      problem("out_of_range", `engineUrl must be a whole address that ends in "/"; found "${folder}".`),
    );
  }
  const url = new URL(`nullcline-${name}.mjs`, folder);
  try {
    const emitted = (await import(/* @vite-ignore */ url.href)) as { default: ModuleFactory };
    return await emitted.default({ threads });
  } catch (error) {
    throw new NullclineError(
      problem(
        "not_loaded",
        `The engine could not be loaded from ${url.href}: ${ended(error instanceof Error ? error.message : String(error))}`,
        "Check that the folder of the engine's modules is served, and load the page again.",
      ),
    );
  }
}

/** A browser's own words, with the full stop that it leaves out. */
function ended(words: string): string {
  return words.replace(/[.\s]*$/, ".");
}
