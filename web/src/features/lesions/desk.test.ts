import { describe, expect, it } from "vitest";
import { firstDraw } from "../../state/draws";
import { Units } from "../../state/units.svelte";
import { ActivityTabState } from "../activity/activity-tab.svelte";
import { shownActivity } from "../activity/shown";
import { studySize } from "../activity/study.svelte";
import { LesionDesk } from "./desk.svelte";
import { started as startedLab, settled } from "../../testing/started";

async function started(network: { [field: string]: null | string } = { rec_connectivity: null }) {
  const { lab, engine } = await startedLab({
    document: { nullcline: 1, task: { type: "Choice" }, network: { type: "Plain", ...network } },
  });
  return { lab, engine, desk: new LesionDesk(lab) };
}

describe("the lesion desk", () => {
  it("silences units and lets them speak again", async () => {
    const { lab, desk } = await started();
    expect(desk.visible).toBe(false);
    desk.toggle([2, 1]);
    expect(lab.lesion).toEqual({ units: [1, 2] });
    expect(desk.visible).toBe(true);
    desk.toggle([2, 3]);
    expect(lab.lesion).toEqual({ units: [1, 2, 3] });
    desk.toggle([1, 2, 3]);
    expect([lab.lesion, desk.visible]).toEqual([null, true]);
    desk.takeBack();
    expect(desk.visible).toBe(false);
  });

  it("keeps a window that is given before there is anything to silence", async () => {
    const { lab, desk } = await started();
    desk.open = true;
    desk.setWindow([10, 30]);
    expect(lab.lesion).toBeNull();
    desk.silence([1]);
    expect(lab.lesion).toEqual({ units: [1], window: [10, 30] });
    desk.takeBack();
    desk.silence([1]);
    expect(lab.lesion).toEqual({ units: [1] });
  });

  it("cuts connections besides, and mends them", async () => {
    const { lab, desk } = await started();
    desk.silence([0]);
    desk.cutBlock({ from: [0, 0], to: [1, 1] });
    expect((lab.lesion?.connectivity as Float32Array)[4]).toBe(0);
    desk.mendConnections();
    expect(lab.lesion).toEqual({ units: [0] });
  });

  it("cuts single connections and mends them, in the window that the lesion has", async () => {
    const { lab, desk } = await started();
    desk.open = true;
    desk.toggleConnections([1, 2]);
    expect([...(desk.parts.connectivity ?? [])].slice(0, 4)).toEqual([1, 0, 0, 1]);
    desk.setWindow([10, 30]);
    desk.toggleConnections([2]);
    expect(lab.lesion?.tConnectivity).toBeDefined();
    expect([...(desk.parts.connectivity ?? [])].slice(0, 4)).toEqual([1, 0, 1, 1]);
    desk.toggleConnections([]);
    desk.toggleConnections([1]);
    expect([lab.lesion, desk.visible]).toEqual([null, true]);
    expect(desk.parts.window).toEqual([10, 30]);
  });

  it("refuses cuts in a network without W_rec and leaves the lesion as it is", async () => {
    const { lab, desk } = await started({});
    desk.silence([0]);
    desk.cutBlock({ from: [0, 0], to: [1, 1] });
    expect(desk.refusal).toContain("silence units instead");
    expect(lab.lesion).toEqual({ units: [0] });
    expect(desk.keepRefusal).toContain("no connectivity");
  });

  it("compares accuracy on the same fresh trials, the whole network's once", async () => {
    const { engine, desk } = await started();
    desk.silence([1]);
    await desk.compare();
    expect(desk.current).toBe(true);
    expect(desk.compared?.whole).toMatchObject({ correct: 400, scored: 400, count: 400 });
    expect(engine.calls.filter((call) => call === `trials ${firstDraw.lesions}`)).toHaveLength(1);
    engine.calls = [];
    desk.silence([2]);
    expect(desk.current).toBe(false);
    await desk.compare();
    expect(engine.calls).not.toContain(`trials ${firstDraw.lesions}`);
    await desk.compare();
    // Once on the trial that is shown, and once on 400 in five pieces.
    expect(engine.calls.filter((call) => call === "run with lesion")).toHaveLength(1 + 5);
  });

  it("survives training and reset, and ends with its network", async () => {
    const { lab, desk } = await started();
    desk.silence([1]);
    await lab.train();
    await lab.reset();
    expect(desk.parts.units).toEqual([1]);
    desk.setWindow([10, 20]);
    await lab.replace({ ...lab.draft, seed: 5 });
    expect([lab.lesion, desk.visible]).toEqual([null, false]);
    desk.silence([2]);
    expect(lab.lesion).toEqual({ units: [2] });
  });

  it("makes the lesion part of the network and trains on", async () => {
    const { lab, engine, desk } = await started();
    await lab.train();
    const weight = lab.weightsNow?.W_rec?.data[0];
    desk.silence([1]);
    expect(desk.keepRefusal).toBeNull();
    await desk.keepAndTrain();
    await settled();
    expect(lab.draft.network).toMatchObject({
      rec_connectivity: Array.from({ length: 4 }, () => [1, 0, 1, 1]),
      output_connectivity: Array.from({ length: 2 }, () => [1, 0, 1, 1]),
    });
    expect(engine.session?.scale).toBe(weight);
    // The lesioned network is where this training begins.
    expect(lab.weightsBefore?.W_rec?.data[0]).toBe(weight);
    expect([lab.lesion, lab.iteration]).toEqual([null, 100]);
  });

  it("does not keep a window", async () => {
    const { desk } = await started();
    desk.silence([1]);
    desk.setWindow([0, 20]);
    expect(desk.keepRefusal).toContain("time window");
  });
});

describe("the activity tab", () => {
  it("averages over fresh trials, and again for a lesion or another network, not while it trains", async () => {
    const { lab, engine, desk } = await started();
    const tab = new ActivityTabState(lab, new Units(), desk);
    await tab.measure();
    expect(tab.result).toMatchObject({ count: 240, lesioned: false, iteration: 0 });
    expect(tab.parameter?.name).toBe("coherence");
    expect(tab.groups).toHaveLength(4);
    expect(tab.stretch).toEqual({ name: "stimulus", from: 0, to: 30 });
    expect(tab.meanOf(null)?.rates).toHaveLength(20);
    engine.calls = [];
    await tab.measure();
    expect(engine.calls).toEqual([]);
    desk.silence([1]);
    await tab.measure();
    expect(tab.result?.lesioned).toBe(true);
    expect(tab.silent).toEqual([1]);
    expect(tab.result?.intact?.count).toBe(240);
    // What is drawn of a silenced unit is what the others receive: nothing.
    const sent = (rates: Float32Array | undefined) =>
      rates?.some((rate, index) => index % 4 === 1 && rate !== 0);
    expect([sent(tab.meanOf(null)?.rates), sent(tab.result?.intact?.rates)]).toEqual([false, true]);
    tab.withLesion = false;
    await tab.measure();
    expect([tab.result?.lesioned, tab.silent, tab.result?.intact]).toEqual([false, [], null]);
    await lab.train();
    await tab.measure();
    expect(tab.result?.iteration).toBe(100);
  });

  it("opens on the unit that responds most strongly, until a person chooses one", async () => {
    const { lab, desk } = await started();
    const units = new Units();
    const tab = new ActivityTabState(lab, units, desk);
    tab.suggest();
    expect(units.current).toBe(0);
    await tab.measure();
    const { shown } = lab;
    const rates = shown?.run.rates.map((_, index) => (index % 4 === 2 ? 1 : 0));
    if (shown && rates) lab.shown = { ...shown, run: { ...shown.run, rates } };
    tab.suggest();
    expect([units.current, units.chosen]).toEqual([2, []]);
    units.choose([3]);
    tab.suggest();
    expect(units.current).toBe(3);
    // A smaller network does not have it, and opens on its own.
    units.fit(3);
    tab.suggest();
    expect(units.current).toBe(2);
  });

  it("and the overview show the run with the lesion", async () => {
    const { lab, desk } = await started();
    desk.silence([1]);
    await settled();
    expect(lab.shown?.lesioned).not.toBeNull();
    const run = lab.shown?.lesioned;
    if (run) lab.shown = lab.shown && { ...lab.shown, lesioned: { ...run, rates: run.rates.map(() => 8) } };
    const data = shownActivity(lab);
    expect([data?.silent, data?.run.rates.slice(0, 4)]).toEqual([[1], Float32Array.from([8, 0, 8, 8])]);
    expect(data?.of).toBe("this trial, with the lesion");
    desk.takeBack();
    expect(shownActivity(lab)).toMatchObject({ silent: [], run: lab.shown?.run, of: "this trial" });
  });

  it("averages over fewer trials of large networks", () => {
    expect(studySize({ N_steps: 200, N_rec: 50 })).toBe(240);
    expect(studySize({ N_steps: 200, N_rec: 1000 })).toBe(20);
    expect(studySize({ N_steps: 2000, N_rec: 4096 })).toBe(8);
  });
});

it("chosen units are few or many, each once, and those that the network has", () => {
  const units = new Units();
  units.choose([3, 1, 3]);
  expect([units.chosen, units.current]).toEqual([[1, 3], 3]);
  units.toggle(2);
  expect([units.chosen, units.current]).toEqual([[1, 2, 3], 2]);
  units.toggle(1);
  units.fit(3);
  expect([units.chosen, units.current]).toEqual([[2], 2]);
  units.choose([]);
  expect([units.chosen, units.current]).toEqual([[], 2]);
});
