import type { Constraints } from "nullcline";
import { describe, expect, it } from "vitest";
import type { Lab } from "../../../state/lab.svelte";
import { MadeMatrices } from "./made.svelte";
import type { About } from "./matrix";
import { started as startedLab } from "../../../testing/started";

const size = { rows: 2, columns: 2, list: false };
const about = (role: About["role"]): About => ({ variable: "W_rec", role, size });

async function opened(): Promise<{ lab: Lab; made: MadeMatrices; asked: () => number }> {
  const { lab, engine } = await startedLab({
    document: { nullcline: 1, task: { type: "Choice" }, network: { type: "Plain", N_rec: 2 } },
  });
  let asked = 0;
  const { session } = engine;
  if (!session) throw new Error("no session");
  session.constraints = (): Promise<Constraints> => {
    asked++;
    return Promise.resolve({
      W_rec: {
        connectivity: Float32Array.from([1, 0, 1, 1]),
        signs: null,
        fixed: Float32Array.from([1, 1, 0, 0]),
      },
    });
  };
  return { lab, made: new MadeMatrices(lab), asked: () => asked };
}

describe("matrices as the engine makes them", () => {
  it("are asked for once for each network", async () => {
    const { made, asked } = await opened();
    expect(made.of(about("connectivity"))).toBeNull();
    await made.look();
    await made.look();
    expect(asked()).toBe(1);
    expect([...(made.of(about("connectivity"))?.data ?? [])]).toEqual([1, 0, 1, 1]);
  });

  it("tell fixed weights from connections that do not exist", async () => {
    const { made } = await opened();
    await made.look();
    expect([...(made.of(about("fixed"))?.data ?? [])]).toEqual([1, 0, 0, 0]);
  });

  it("are the initial weights where numbers are given", async () => {
    const { made } = await opened();
    expect([...(made.of(about("numbers"))?.data ?? [])]).toEqual([1, 1, 1, 1]);
  });

  it("are not shown while the document is wrong or asks for another network, nor at another size", async () => {
    const { lab, made } = await opened();
    await made.look();
    expect(made.of({ ...about("connectivity"), size: { ...size, rows: 3 } })).toBeNull();
    expect(made.of({ ...about("connectivity"), size: null })).toBeNull();
    await lab.step();
    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: 3 } });
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    expect(lab.pending).toBe(true);
    expect(made.of(about("connectivity"))).toBeNull();
  });
});
