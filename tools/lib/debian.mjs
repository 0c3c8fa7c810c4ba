// Installing Debian packages, and reading packages of another Debian release without installing them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collect, Failure, outputOf, quietly, timed } from "./process.mjs";

export function isDebian12() {
  try {
    const facts = readFileSync("/etc/os-release", "utf8");
    return /^ID=debian$/m.test(facts) && /^VERSION_ID="?12"?$/m.test(facts);
  } catch {
    return false;
  }
}

/** Installs what is missing, or says exactly what the user has to install. */
export async function install(missing) {
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((requirement) => requirement.debian))];
  if (!isDebian12()) throw new Failure(adviceElsewhere(missing));
  const prefix = privilege();
  if (!prefix) throw new Failure(adviceWithoutRights(packages));
  await timed(`installing Debian packages: ${packages.join(" ")}`, () => aptInstall(prefix, packages));
}

async function aptInstall(prefix, packages) {
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", ...args];
    return quietly(command, rest, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
    });
  };
  await apt("update");
  await apt("install", "--yes", "--no-install-recommends", ...packages);
}

/** What to put before apt-get: nothing for root, sudo where it asks no password, undefined otherwise. */
function privilege() {
  if (process.getuid?.() === 0) return [];
  return outputOf("sudo", ["-n", "true"]) === undefined
    ? undefined
    : ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND,LC_ALL"];
}

function adviceWithoutRights(packages) {
  return (
    "Some Debian packages are missing, and installing them needs root's rights. Please run\n\n" +
    `  sudo apt-get update && sudo apt-get install --no-install-recommends ${packages.join(" ")}\n\n` +
    "and then the same command again."
  );
}

function adviceElsewhere(missing) {
  const lines = missing.map(
    (requirement) => `  - ${requirement.say} (Debian's package: ${requirement.debian})`,
  );
  return (
    "The set-up installs packages on Debian 12 only, and this is another system. Please install\n\n" +
    `${lines.join("\n")}\n\nand then run the same command again.`
  );
}

/**
 * Downloads packages of another release into `folder` without touching the system's own package lists:
 * apt gets a source list, an index and a cache of its own, below the same folder.
 */
export async function downloadFrom(release, packages, folder) {
  const lists = join(folder, "lists");
  const apt = join(folder, "cache");
  const parts = join(folder, "sources");
  const debs = join(folder, "debs");
  for (const path of [join(lists, "partial"), join(apt, "archives", "partial"), parts, debs])
    mkdirSync(path, { recursive: true });
  writeSource(release, parts);
  const options = {
    "Dir::Etc::SourceList": "/dev/null",
    "Dir::Etc::SourceParts": parts,
    "Dir::State::Lists": lists,
    "Dir::Cache": apt,
    "Acquire::Languages": "none",
    "APT::Sandbox::User": "root",
  };
  const flags = ["-q", ...Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`])];
  await quietly("apt-get", [...flags, "update"]);
  await quietly("apt-get", [...flags, "download", ...packages.map((name) => `${name}/${release}`)], {
    cwd: debs,
  });
  return readdirSync(debs).map((name) => join(debs, name));
}

/** Unpacks a package below `target`, without the paths that match the patterns. */
export async function unpack(deb, target, exclude = []) {
  const patterns = exclude.map((pattern) => `--exclude='${pattern}'`).join(" ");
  const pipe = `set -o pipefail; dpkg-deb --fsys-tarfile '${deb}' | tar -x --no-same-owner -C '${target}' ${patterns}`;
  await quietly("bash", ["-c", pipe]);
}

export async function architectureFolder() {
  const { ok, output } = await collect("dpkg-architecture", ["-qDEB_HOST_MULTIARCH"]);
  if (ok) return output.trim();
  const folder = readdirSync("/usr/lib").find((name) => existsSync(`/usr/lib/${name}/libc.so.6`));
  if (!folder) throw new Failure("The folder of this machine's shared libraries was not found in /usr/lib.");
  return folder;
}

/** The machine's own source of its release's main section, pointed at another release. */
function writeSource(release, folder) {
  const own = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  for (const path of sourceFiles()) {
    const deb822 = path.endsWith(".sources");
    const text = readFileSync(path, "utf8");
    const found = deb822 ? fromStanzas(text, own, release) : fromLines(text, own, release);
    if (found) return writeFileSync(join(folder, deb822 ? "private.sources" : "private.list"), found);
  }
  throw new Failure(`No apt source of Debian's ${own} (section main) was found in /etc/apt.`);
}

function sourceFiles() {
  const parts = "/etc/apt/sources.list.d";
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const files = names.filter((name) => /\.(sources|list)$/.test(name)).map((name) => join(parts, name));
  return existsSync("/etc/apt/sources.list") ? [...files, "/etc/apt/sources.list"] : files;
}

function fromStanzas(text, own, release) {
  const withoutComments = text.replace(/^#.*\n?/gm, "");
  for (const stanza of withoutComments.split(/\n\s*\n/)) {
    const words = (field) => new RegExp(`^${field}:[ \\t]*(.*)$`, "im").exec(stanza)?.[1].split(/\s+/) ?? [];
    if (words("Enabled").some((word) => /^(no|false|0|off)$/i.test(word))) continue;
    if (
      !words("Types").includes("deb") ||
      !words("Suites").includes(own) ||
      !words("Components").includes("main")
    )
      continue;
    return `${stanza
      .trim()
      .replace(/^Types:.*$/im, "Types: deb")
      .replace(/^Suites:.*$/im, `Suites: ${release}`)
      .replace(/^Components:.*$/im, "Components: main")}\n`;
  }
  return undefined;
}

function fromLines(text, own, release) {
  for (const line of text.split("\n")) {
    const [, options = "", uri, suite, sections] =
      /^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line) ?? [];
    if (suite === own && sections.trim().split(/\s+/).includes("main"))
      return `deb ${options}${uri} ${release} main\n`;
  }
  return undefined;
}
