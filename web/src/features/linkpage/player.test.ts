import { expect, it } from "vitest";
import { Player } from "./player.svelte";

function setUp(duration: number) {
  const now = { time: 0 };
  const frames: (() => void)[] = [];
  const shown = { trials: 0 };
  const player = new Player({
    duration: () => duration,
    next: () => shown.trials++,
    clock: () => now.time,
    frame: (callback) => frames.push(callback),
    cancel: () => frames.splice(0),
  });
  /** A frame so many milliseconds later. */
  const later = (milliseconds: number) => {
    now.time += milliseconds;
    for (const frame of frames.splice(0)) frame();
  };
  return { player, later, shown };
}

it("shows a trial as it happens, then whole, then the next one", () => {
  const { player, later, shown } = setUp(2000);
  player.play();
  expect(player.time).toBe(0);
  later(500);
  expect(player.time).toBe(500);
  later(1600);
  expect(player.time).toBeNull();
  expect(shown.trials).toBe(0);
  later(1700);
  expect(shown.trials).toBe(1);
  expect(player.time).toBe(0);
  later(100);
  expect(player.time).toBe(100);
});

it("pauses where it is and goes on from there", () => {
  const { player, later } = setUp(2000);
  player.play();
  later(700);
  player.toggle();
  expect(player.playing).toBe(false);
  later(5000);
  expect(player.time).toBe(700);
  player.toggle();
  later(100);
  expect(player.time).toBe(800);
});

it("plays long trials faster", () => {
  const { player, later } = setUp(30_000);
  player.play();
  later(1500);
  expect(player.time).toBe(15_000);
  player.pause();
  player.play();
  later(300);
  expect(player.time).toBeCloseTo(18_000);
});

it("shows another trial whole while it rests, and waits where there is none", () => {
  const { player } = setUp(2000);
  player.rewind();
  expect(player.time).toBeNull();
  const empty = setUp(0);
  empty.player.play();
  empty.later(9000);
  expect(empty.shown.trials).toBe(0);
});
