// The engine measured natively: a program that answers questions, one line each (tools/bench/native.cpp).
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { build } from "../lib/cmake.mjs";
import { inRoot } from "../lib/paths.mjs";
import { Failure, onExit } from "../lib/process.mjs";

export function buildNative() {
  return build("native", { tests: false, targets: ["nullcline_bench"] });
}

export function startNative() {
  const program = inRoot("build", "native", "nullcline_bench");
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  onExit(() => child.kill());
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (...question) => {
    child.stdin.write(`${question.join(" ")}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Failure(`${program} ended before it had answered: ${question.join(" ")}`);
    return JSON.parse(value);
  };
  return {
    name: "native",
    kernels: (arithmetic) => ask("kernels", arithmetic),
    peak: ({ arithmetic, threads, milliseconds }) => ask("peak", arithmetic, threads, milliseconds),
    products: ({ arithmetic, threads, N_rec, milliseconds }) =>
      ask("products", arithmetic, threads, N_rec, milliseconds),
    train: ({ document, threads, milliseconds }) =>
      ask("train", threads, milliseconds, JSON.stringify(document)),
    close: () => child.stdin.end(),
  };
}
