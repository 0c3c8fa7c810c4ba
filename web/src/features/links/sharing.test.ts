import { expect, it } from "vitest";
import { fakeSchema } from "../../testing/fake-engine";
import { chosenIn, isRestricted, partsOf, restricts, sharingInWords, sharingOf, standingOf } from "./sharing";

const document = { nullcline: 1, task: { type: "Choice" }, network: { type: "Plain" } };

it("knows how a field stands by its own path or that of its section", () => {
  const sharing = { hidden: ["task", "network.N_rec"], locked: ["training"] };
  expect(standingOf(sharing, "task.dt")).toBe("hidden");
  expect(standingOf(sharing, "network.N_rec")).toBe("hidden");
  expect(standingOf(sharing, "network.N_rec_too")).toBe("shown");
  expect(standingOf(sharing, "training.clip.norm")).toBe("locked");
  expect(standingOf(sharing, "seed")).toBe("shown");
  expect(standingOf({ hidden: ["a"], locked: ["a"] }, "a")).toBe("hidden");
});

it("says what a link does to the form", () => {
  expect(isRestricted({})).toBe(false);
  expect(isRestricted({ hidden: ["task"] })).toBe(true);
  expect(restricts({ locked: ["network.N_rec"] }, "network")).toBe(true);
  expect(restricts({ locked: ["network_too"] }, "network")).toBe(false);
  expect(sharingInWords({ hidden: ["a"] })).toContain("hides some fields.");
  expect(sharingInWords({ locked: ["a"] })).toContain("locks some fields.");
  expect(sharingInWords({ hidden: ["a"], locked: ["b"] })).toContain("hides some fields and locks others.");
});

it("lists the fields of a document, section by section", () => {
  const parts = partsOf(fakeSchema, document);
  expect(parts.map(({ path, title }) => [path, title])).toEqual([
    ["task", "Task"],
    ["network", "Network"],
    ["training", "Training"],
    ["", "Run"],
  ]);
  expect(parts[0]?.fields[0]).toEqual({ path: "task.type", title: "Choice of task" });
  expect(parts[1]?.fields.map(({ path }) => path)).toEqual(["network.N_rec", "network.initializer"]);
  expect(parts.at(-1)?.fields).toEqual([{ path: "seed", title: "Seed" }]);
});

it("writes a section that is hidden whole as one path, and reads it back", () => {
  const parts = partsOf(fakeSchema, document);
  const all = parts.flatMap(({ fields }) => fields.map(({ path }) => path));
  const chosen = Object.fromEntries(
    all.map(
      (path) => [path, path === "network.N_rec" ? "shown" : path === "seed" ? "locked" : "hidden"] as const,
    ),
  );
  const sharing = sharingOf(parts, chosen);
  expect(sharing).toEqual({ hidden: ["task", "network.initializer", "training"], locked: ["seed"] });
  expect(Object.fromEntries(chosenIn(parts, sharing))).toEqual(chosen);
  expect(sharingOf(parts, {})).toEqual({});
});
