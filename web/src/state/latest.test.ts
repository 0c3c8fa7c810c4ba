import { expect, it } from "vitest";
import { latest } from "./latest";

it("runs one at a time and answers all calls meanwhile with one more run", async () => {
  let running = 0;
  let runs = 0;
  let most = 0;
  const call = latest(async () => {
    running++;
    most = Math.max(most, running);
    await Promise.resolve();
    runs++;
    running--;
  });
  await Promise.all([call(), call(), call(), call()]);
  expect([runs, most]).toEqual([2, 1]);
  await call();
  expect(runs).toBe(3);
});

it("goes on after a failure", async () => {
  let calls = 0;
  const call = latest(() => (calls++ === 0 ? Promise.reject(new Error("no")) : Promise.resolve()));
  const first = call();
  const second = call();
  await expect(first).rejects.toThrow("no");
  await expect(second).resolves.toBeUndefined();
});
