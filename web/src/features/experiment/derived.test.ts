import { expect, it } from "vitest";
import { derivedFacts } from "./derived";

const shape = {
  N_in: 2,
  N_rec: 50,
  N_out: 2,
  N_steps: 200,
  N_batch: 128,
  dt: 10,
  parameters: 2802,
  iterations: 391,
  memory: 2.1e7,
};

it("says what follows from the document", () => {
  const facts = derivedFacts({ task: { tau: 100 }, network: { tau: null } }, shape);
  expect(facts.task).toEqual(["α = dt/τ = 0.1", "200 steps"]);
  expect(facts.network?.[0]).toBe("2,802 trained parameters");
  expect(facts.training).toEqual(["391 updates of 128 trials"]);
});

it("takes the network's own time constant where it has one", () => {
  expect(derivedFacts({ task: { tau: 100 }, network: { tau: 50 } }, shape).task?.[0]).toBe("α = dt/τ = 0.2");
});

it("keeps its place while the document is not valid", () => {
  expect(derivedFacts(null, null).task).toEqual(["α = dt/τ = –", "– steps"]);
});
