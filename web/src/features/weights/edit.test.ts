import type { VariableConstraint } from "nullcline";
import { describe, expect, it } from "vitest";
import { endsOf } from "../../plots/ends";
import {
  connectionsOf,
  cutSentence,
  doneSentence,
  factsOf,
  factsSentence,
  patched,
  patchOf,
  signSentence,
  uncutWords,
} from "./edit";

const raw = { rows: 2, columns: 3, data: Float32Array.from([1, 2, 3, 4, 5, 6]) };
const block = { rows: [0, 1], columns: [1, 2] };
const none: VariableConstraint = { connectivity: null, signs: null, fixed: null };

describe("an edit of weights", () => {
  it("sets or scales the chosen ones and no others", () => {
    const set = patchOf(raw, block, { kind: "set", value: 0.5 }, none);
    expect([...patched(raw, set).data]).toEqual([1, 0.5, 0.5, 4, 0.5, 0.5]);
    const scaled = patchOf(raw, block, { kind: "scale", factor: -2 }, none);
    expect([...patched(raw, scaled).data]).toEqual([1, -4, -6, 4, -10, -12]);
    expect([...raw.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("is of single precision, and empty where nothing would change", () => {
    const tenth = { rows: 1, columns: 1, data: Float32Array.from([0.1]) };
    const all = { rows: [0], columns: [0] };
    expect(patchOf(tenth, all, { kind: "set", value: 0.1 }, null).indices).toHaveLength(0);
    expect(patchOf(tenth, all, { kind: "scale", factor: 1 }, null).indices).toHaveLength(0);
  });

  it("leaves places without a connection as they are", () => {
    const masked = { ...none, connectivity: Float32Array.from([1, 0, 1, 1, 1, 1]) };
    expect([...patchOf(raw, block, { kind: "set", value: 0 }, masked).indices]).toEqual([2, 4, 5]);
    const signed = { ...none, signs: Float32Array.from([1, 0, 1]) };
    expect([...patchOf(raw, block, { kind: "set", value: 0 }, signed).indices]).toEqual([2, 5]);
  });
});

describe("what is said of chosen weights", () => {
  it("counts them, with those that are not there and those that are held", () => {
    const constraint = {
      ...none,
      connectivity: Float32Array.from([1, 0, 1, 1, 1, 1]),
      fixed: Float32Array.from([0, 1, 1, 0, 0, 0]),
    };
    const facts = factsOf(raw, block, constraint);
    expect(facts).toEqual({ count: 4, masked: 1, held: 1, low: 3, mean: 14 / 3, high: 6 });
    expect(factsSentence(facts)).toBe(
      "3 weights from 3 to 6, 4.67 on average. At 1 more place there is no connection; an edit leaves them as they are. Training holds 1 of them: they stay as you set them.",
    );
  });

  it("is short for one", () => {
    const one = { rows: [1], columns: [0] };
    expect(factsSentence(factsOf(raw, one, none))).toBe("The weight is 4.");
    expect(factsSentence(factsOf(raw, one, { ...none, fixed: new Float32Array(6).fill(1) }))).toBe(
      "The weight is 4. Training holds it: it stays as you set it.",
    );
    expect(factsSentence(factsOf(raw, one, { ...none, connectivity: new Float32Array(6) }))).toContain(
      "no connection: a weight here would have no effect",
    );
  });

  it("warns where Dale's law makes something else of a value", () => {
    const constraint = { ...none, signs: Float32Array.from([1, 1, -1]) };
    const set = (value: number, columns: number[]) =>
      signSentence({ rows: [0], columns }, 3, { kind: "set", value }, constraint);
    expect(set(0.5, [0])).toBe("");
    expect(set(-0.5, [0, 1])).toBe(
      "By Dale's law the weights of these columns are positive: it acts as 0.5.",
    );
    expect(set(0.5, [1, 2])).toBe("By Dale's law it acts as −0.5 in 1 column of the other sign.");
    expect(signSentence(block, 3, { kind: "scale", factor: -1 }, constraint)).toContain("only the size");
    expect(signSentence(block, 3, { kind: "set", value: -1 }, none)).toBe("");
  });

  it("tells what was done", () => {
    expect(doneSentence("W_rec", 4, { kind: "scale", factor: 0.5 })).toBe(
      "4 weights of W_rec scaled by 0.5. Training starts anew from here.",
    );
  });
});

describe("connections to cut", () => {
  it("are those of the block that are there", () => {
    const masked = { ...none, connectivity: Float32Array.from([1, 0, 1, 1, 1, 1]) };
    expect(connectionsOf(block, 3, none)).toEqual([1, 2, 4, 5]);
    expect(connectionsOf(block, 3, masked)).toEqual([2, 4, 5]);
  });

  it("are there in W_rec alone, which is told of other matrices", () => {
    const ends = (name: string) => endsOf(name, { rows: 3, columns: 3 });
    expect(uncutWords(ends("W_in"), true)).toBe("Connections are cut in W_rec only: set these to 0 instead.");
    expect(uncutWords(ends("W_f"), false)).toBe("This network has no W_rec to cut: set these to 0 instead.");
    expect(uncutWords(ends("b_rec"), true)).toBe("");
  });

  it("are told with those that are cut", () => {
    expect(cutSentence(0, 0)).toContain("no connection here");
    expect(cutSentence(1, 0)).toBe("The connection is whole.");
    expect(cutSentence(1, 1)).toBe("The connection is cut.");
    expect(cutSentence(4, 0)).toBe("4 connections chosen, none of them cut.");
    expect(cutSentence(4, 3)).toBe("4 connections chosen, 3 of them cut.");
    expect(cutSentence(4, 4)).toBe("4 connections chosen, all of them cut.");
    const when = "cut from 400\u202fms to 900\u202fms.";
    expect(cutSentence(1, 1, [400, 900])).toBe(`The connection is ${when}`);
    expect(cutSentence(4, 3, [400, 900])).toBe(`4 connections chosen, 3 of them ${when}`);
    expect(cutSentence(4, 4, [400, 900])).toBe(`4 connections chosen, all of them ${when}`);
    expect(cutSentence(4, 0, [400, 900])).toBe("4 connections chosen, none of them cut.");
  });
});
