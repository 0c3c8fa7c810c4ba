// Running programs, telling what goes on, and failing with a sentence instead of a stack trace.
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { constants as osConstants } from "node:os";
import { delimiter, join } from "node:path";

/** An expected failure: its message is all that the user sees. */
export class Failure extends Error {}

export function say(text) {
  process.stdout.write(`${text}\n`);
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Says what is being done before it is, and how long it took afterwards. */
export async function timed(what, action) {
  const start = performance.now();
  say(`• ${what} …`);
  const result = await action();
  say(`  ${what}: done in ${seconds(start)}`);
  return result;
}

/** Programs that share the terminal, and are stopped with this process. */
const seen = new Set();

/** Runs a program whose output goes straight to the terminal; rejects when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    seen.add(child);
    child.on("error", (error) => reject(new Failure(`${command} could not be started: ${error.message}`)));
    child.on("exit", (code, signal) => {
      seen.delete(child);
      if (code === 0) resolve();
      else reject(new Failure(`${[command, ...args].join(" ")} ended with ${signal ?? `status ${code}`}`));
    });
  });
}

/** Programs that run unseen: each leads a group of processes, which is stopped when this process ends. */
const unseen = new Set();

/** Runs a program and keeps what it prints; nothing is thrown when it fails. */
export function collect(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
    unseen.add(child);
    let output = "";
    child.stdout?.on("data", (data) => (output += data));
    child.stderr?.on("data", (data) => (output += data));
    child.on("error", (error) => resolve({ ok: false, output: `${command}: ${error.message}\n` }));
    child.on("close", (code) => {
      unseen.delete(child);
      resolve({ ok: code === 0, output });
    });
  });
}

/** Runs a program silently; when it fails, all that it printed becomes part of the error. */
export async function quietly(command, args, options = {}) {
  const { ok, output } = await collect(command, args, options);
  if (!ok) throw new Failure(`${[command, ...args].join(" ")} failed:\n${output}`);
  return output;
}

/** The standard output of a short command, or undefined when it fails or does not exist. */
export function outputOf(command, args) {
  const result = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return result.status === 0 ? result.stdout : undefined;
}

/** Where a program is on PATH, or undefined. */
export function which(program) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Calls actions when the process is interrupted, terminated or ends by itself, once. */
export function onExit(action) {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    action();
  };
  process.once("exit", once);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      once();
      process.exit(128 + osConstants.signals[signal]);
    });
  }
}

onExit(() => {
  for (const child of seen) child.kill();
  for (const child of unseen) stopGroup(child.pid);
});

function stopGroup(pid) {
  try {
    if (pid) process.kill(-pid, "SIGINT");
  } catch {
    // It has ended in the meantime.
  }
}

/** The last line of every tool: an expected failure prints its sentence, anything else its stack. */
export async function main(action) {
  try {
    await action();
  } catch (error) {
    process.stderr.write(`\n${error instanceof Failure ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
