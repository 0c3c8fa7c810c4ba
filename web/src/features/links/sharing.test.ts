import { expect, it } from "vitest";
import { isRestricted, restricts, sharingInWords, standingOf } from "./sharing";

it("knows how a field stands by its own path or that of its section", () => {
  const sharing = { hidden: ["task", "network.N_rec"], locked: ["training"] };
  expect(standingOf(sharing, "task.dt")).toBe("hidden");
  expect(standingOf(sharing, "network.N_rec")).toBe("hidden");
  expect(standingOf(sharing, "network.N_rec_too")).toBe("shown");
  expect(standingOf(sharing, "training.clip.norm")).toBe("locked");
  expect(standingOf(sharing, "seed")).toBe("shown");
  expect(standingOf({ hidden: ["a"], locked: ["a"] }, "a")).toBe("hidden");
});

it("knows what a list leaves out of a section, or of everything", () => {
  const sharing = { hidden: ["*", "!network.N_rec", "!seed"], locked: ["network"] };
  expect(standingOf(sharing, "network.N_rec")).toBe("locked");
  expect(standingOf(sharing, "seed")).toBe("shown");
  for (const path of ["task", "task.dt", "network.type", "network.N_rec_too"])
    expect(standingOf(sharing, path)).toBe("hidden");
  // A section of which something is seen is there.
  expect(standingOf(sharing, "network")).toBe("locked");
  expect(standingOf({ hidden: ["task", "!task.dt"] }, "task")).toBe("shown");
  expect(standingOf({ hidden: ["*", "!task"] }, "task.dt")).toBe("shown");
  expect(restricts(sharing, "network")).toBe(true);
  expect(restricts({ locked: ["*", "!task.dt"] }, "task")).toBe(true);
  expect(restricts({ locked: ["*", "!task"] }, "task")).toBe(false);
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
