import { describe, expect, it } from "vitest";
import { chooseBuild, type Features } from "../../wasm/dist/load.js";
import { failureOf } from "./support.js";

const everything: Features = {
  here: "this browser",
  simd: true,
  relaxedSimd: true,
  threads: true,
  isolated: true,
  cores: 4,
};

describe("the choice of a build", () => {
  it("takes fused arithmetic and a thread a core where there is everything", () => {
    const choice = chooseBuild(everything, {});
    expect(choice).toMatchObject({ threaded: true, threads: 4, arithmetic: "fused" });
    expect(choice.reasons).toEqual([
      "Fused arithmetic: this browser has relaxed SIMD.",
      "4 threads: this machine has 4 cores.",
    ]);
  });

  it("takes one thread without isolation, and says so", () => {
    const choice = chooseBuild({ ...everything, isolated: false }, {});
    expect(choice).toMatchObject({ threaded: false, threads: 1 });
    expect(choice.reasons.join(" ")).toContain("cross-origin isolation");
  });

  it("takes one thread where the browser has none or the machine one core", () => {
    expect(chooseBuild({ ...everything, threads: false }, {})).toMatchObject({ threaded: false, threads: 1 });
    expect(chooseBuild({ ...everything, cores: 1 }, {})).toMatchObject({ threaded: false, threads: 1 });
  });

  it("takes plain arithmetic without relaxed SIMD, and says so", () => {
    const choice = chooseBuild({ ...everything, relaxedSimd: false }, {});
    expect(choice.arithmetic).toBe("plain");
    expect(choice.reasons.join(" ")).toContain("relaxed SIMD");
  });

  it("never takes more threads than are of use", () => {
    expect(chooseBuild({ ...everything, cores: 64 }, {}).threads).toBe(8);
  });

  it("does what it is asked for", () => {
    expect(chooseBuild(everything, { threads: 2, arithmetic: "plain" })).toMatchObject({
      threads: 2,
      arithmetic: "plain",
    });
    expect(chooseBuild(everything, { threads: 1 }).threaded).toBe(false);
  });

  it("refuses what cannot be had", async () => {
    const noSimd = await failureOf(() => chooseBuild({ ...everything, simd: false }, {}));
    expect(noSimd.code).toBe("unsupported");
    expect(noSimd.message).toContain("SIMD");
    const noFused = await failureOf(() =>
      chooseBuild({ ...everything, relaxedSimd: false }, { arithmetic: "fused" }),
    );
    expect(noFused.code).toBe("not_available");
    for (const threads of [0, -1, 1.5, NaN]) {
      expect((await failureOf(() => chooseBuild(everything, { threads }))).code).toBe("out_of_range");
    }
  });
});
