import { expect, it } from "vitest";
import { axisTitle, valueText, wordsOf } from "./parameters";

it("parameters are told with their units, and with all the digits that say something", () => {
  expect(wordsOf("decision").told(1340)).toBe("onset of the decision 1,340\u202fms");
  expect(wordsOf("stim_duration").told(605.66)).toBe("stimulus duration 606\u202fms");
  expect(wordsOf("f1").told(26)).toBe("f1 26\u202fHz");
  expect(wordsOf("coherence").told(0.125)).toBe("coherence 0.125");
  expect(wordsOf("my_own").told(3)).toBe("my own 3");
  expect(axisTitle(wordsOf("f1"))).toBe("First frequency (Hz)");
});

it("angles are in degrees, outputs and trials counted from 1, everywhere", () => {
  expect(wordsOf("angle").told(Math.PI / 2)).toBe("angle 90°");
  expect(wordsOf("angle").shown(Math.PI)).toBe(180);
  for (const name of ["direction", "choice", "category"]) {
    expect(wordsOf(name).told(1)).toBe("output 2 is right");
    expect(wordsOf(name).shown(0)).toBe(1);
  }
  expect(wordsOf("index").told(0)).toBe("trial 1 of the file");
  expect(valueText(-12.34, "°")).toBe("−12.3°");
});
