// Measures the peak of one thread, with the module of tools/bench/peak_module.cpp.
/* global self */

const module = import(/* @vite-ignore */ new URL("/kernel-peak.mjs", self.location.origin).href).then(
  (emitted) => emitted.default(),
);

self.onmessage = ({ data: { kind, arithmetic, milliseconds, N_rec } }) => {
  module.then(
    (peak) => self.postMessage({ answer: peak[`_${kind}`](arithmetic === "fused", milliseconds, N_rec) }),
    (error) => self.postMessage({ problem: String(error) }),
  );
};
