import { describe, expect, it } from "vitest";
import { FileProblem, parseTrials } from "./csv";

const head = "time,input_1,input_2,target_1,mask";

function problemOf(text: string): string {
  try {
    parseTrials(text, "own.csv");
  } catch (error) {
    if (error instanceof FileProblem) return error.message;
    throw error;
  }
  return "";
}

describe("trials as text", () => {
  it("are blocks of rows, one block a trial", () => {
    const trials = parseTrials(`${head}\n0,1,2,0,0\n10,3,4,1,1\n\n0,5,6,0,0\n10,7,8,-1,0.5\n`, "own.csv");
    expect(trials.x).toEqual({ shape: [2, 2, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
    expect(trials.y).toEqual({ shape: [2, 2, 1], data: Float32Array.of(0, 1, 0, -1) });
    expect(trials.mask).toEqual({ shape: [2, 2, 1], data: Float32Array.of(0, 1, 0, 0.5) });
    expect(trials.dt).toBe(10);
  });

  it("may have their columns in any order, a mask for each target, and no times", () => {
    const trials = parseTrials("mask_2,target_2,input_1,target_1,mask_1\n1,20,3,10,0\n", "own.csv");
    expect(trials.x.data).toEqual(Float32Array.of(3));
    expect(trials.y.data).toEqual(Float32Array.of(10, 20));
    expect(trials.mask.data).toEqual(Float32Array.of(0, 1));
    expect(trials.dt).toBeNull();
  });

  it("may come from any table program", () => {
    const semicolons = parseTrials(
      '\ufeff"input_1";"target_1";"mask"\r\n0,5;-1,25;1\r\n\r\n\r\n1e-3;.5;1\r\n',
      "a",
    );
    expect(semicolons.x).toEqual({ shape: [2, 1, 1], data: Float32Array.of(0.5, 0.001) });
    const tabs = parseTrials("\n\nINPUT_1\tTarget_1\tmask\n +2 \t3\t1", "a");
    expect(tabs.y.data).toEqual(Float32Array.of(3));
  });

  it("take times with the rounding of a table", () => {
    expect(parseTrials(`${head}\n0.1,0,0,0,1\n0.2,0,0,0,1\n0.3,0,0,0,1\n`, "a").dt).toBe(0.1);
  });

  it.each([
    ["", "own.csv holds no rows. The first one names the columns."],
    [head, "own.csv holds the names of columns, but no trial."],
    ["input_1,target_1\n1,1", "own.csv, line 1: there is no column mask, nor mask_1."],
    ["target_1,mask\n1,1", "own.csv, line 1: there is no column input_1."],
    ["input_1,mask\n1,1", "own.csv, line 1: there is no column target_1."],
    [
      "input_1,input_3,target_1,mask\n",
      "own.csv, line 1: there are 2 columns input_…, but input_2 is not among them.",
    ],
    ["input_1,target_1,mask,mask\n", "own.csv, line 1: the column mask is there twice."],
    [
      "input_1,target_1,target_2,mask_1\n",
      "own.csv, line 1: there are 2 targets and 1 mask; each target needs its mask, or all one column mask.",
    ],
    [
      "input_1,target_1,mask,mask_1\n",
      "own.csv, line 1: there is a column mask for all targets and others for each; one kind is allowed.",
    ],
    [
      "input_1,target_1,mask,reward\n",
      "own.csv, line 1: column 4 is called “reward”; allowed are time, input_1, …, target_1, …, and mask or mask_1, ….",
    ],
    [`${head}\n0,1,2,0\n`, "own.csv, line 2: 4 values found; the first row names 5 columns."],
    [`${head}\n0,1,x,0,1\n`, "own.csv, line 2: column 3 holds “x”; it must hold a number."],
    [`${head}\n0,1,,0,1\n`, "own.csv, line 2: column 3 holds nothing; it must hold a number."],
    [`${head}\n0,1,Infinity,0,1\n`, "own.csv, line 2: column 3 holds “Infinity”; it must hold a number."],
    [`${head}\n0,1,1e300,0,1\n`, "own.csv, line 2: column 3 holds “1e300”; it must hold a number."],
    [`${head}\n0,1,=A1(),0,1\n`, "own.csv, line 2: column 3 holds “=A1()”; it must hold a number."],
    [
      `${head}\n0,1,2,0,1\n10,1,2,0,1\n\n0,1,2,0,1\n`,
      "own.csv, line 5: trial 2 ends here with 1 row; the first trial has 2.",
    ],
    [
      `${head}\n0,1,2,0,1\n0,1,2,0,1\n`,
      "own.csv, line 3: the time is 0 after 0; it must grow from row to row of a trial.",
    ],
    [
      `${head}\n0,1,2,0,1\n10,1,2,0,1\n25,1,2,0,1\n`,
      "own.csv, line 4: the time grows by 15 ms; before it grew by 10 ms, and all steps must be equal.",
    ],
    [`${head}\n0,1,2,0,0\n`, "own.csv has a mask that is 0 everywhere, so that there is nothing to learn."],
  ])("say what is wrong, and where: %j", (text, message) => {
    expect(problemOf(text)).toBe(message);
  });

  it("are not led astray by hostile text", () => {
    expect(problemOf(`${"input_1,".repeat(2500)}target_1,mask\n`)).toContain("is there twice");
    expect(problemOf(`${"input_1,".repeat(100_000)}target_1,mask\n`)).toContain("more than 3001 columns");
    const wide = Array.from({ length: 1001 }, (_, index) => `input_${index + 1}`).join(",");
    expect(problemOf(`${wide},target_1,mask\n`)).toContain("at most 1000 are read");
    expect(problemOf(`__proto__,input_1,target_1,mask\n`)).toContain("column 1 is called “__proto__”");
    expect(problemOf(`${head}\n${"9".repeat(100000)},1,2,0,1\n`)).toMatch(
      /^own.csv, line 2: column 1 holds “9{24}…”/,
    );
    expect(problemOf(`input_99999999999999999999,target_1,mask\n`)).toContain("input_1 is not among them");
  });
});
