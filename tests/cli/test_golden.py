"""simulate and gradient held to what the reference system computed (single precision here)."""

import json

import numpy as np

from case import GOLDEN, Case, golden

WEIGHTS = ("W_in", "W_rec", "W_out", "b_rec", "b_out", "init_state")


def document(dt, tau, transfer_function="relu", rec_noise=0.0, **training):
    """An experiment whose sizes come from the weights."""
    return {"nullcline": 1,
            "task": {"type": "PerceptualDiscrimination", "dt": float(dt), "tau": float(tau)},
            "network": {"type": "Basic", "transfer_function": transfer_function, "rec_noise": rec_noise},
            "training": training}


class GoldenSimulate(Case):
    def simulate(self, reference, weights, dt=None, tau=None, function="relu"):
        self.savez("w.npz", **weights)
        self.savez("t.npz", x=reference["x"])
        self.write("e.json", document(dt or reference["dt"], tau or reference["tau"], function))
        self.good("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz")
        found = self.load("s.npz")
        self.assertEqual(sorted(found), ["output", "state"])
        self.assertEqual(found["output"].dtype, np.float32)
        self.assert_close(found["output"], reference["outputs"])
        self.assert_close(found["state"], reference["states"])

    def test_raw_weights(self):
        for name, function in (("plain", "relu"), ("tanh", "tanh"), ("long", "relu")):
            reference = golden(f"psychrnn_basicsim_{name}.npz")
            with self.subTest(name):
                self.simulate(reference, {key: reference[key] for key in WEIGHTS}, function=function)

    def test_weights_under_dales_law(self):
        """Raw weights with their signs, and the effective weights that come of them, give the same."""
        reference = golden("psychrnn_basicsim_sigmoid.npz")
        rest = {key: reference[key] for key in ("b_rec", "b_out", "init_state")}
        effective = {key: reference["eff_" + key] for key in ("W_in", "W_rec", "W_out")}
        raw = {key: reference[key] for key in ("W_in", "W_rec", "W_out")}
        law = {key: reference[key] for key in ("Dale_rec", "Dale_out", "dale_ratio", "input_connectivity",
                                               "rec_connectivity", "output_connectivity")}
        self.simulate(reference, {**effective, **rest}, function="sigmoid")
        self.simulate(reference, {**raw, **rest, **law}, function="sigmoid")
        self.simulate(reference, {**effective, **rest, **law}, function="sigmoid")

    def test_trained_network_as_psychrnn_saved_it(self):
        """Its dale_ratio is a pickled None, which is understood without a warning."""
        reference = golden("psychrnn_trained_pd_check.npz")
        self.write("e.json", document(20, 100))
        self.savez("t.npz", **{key: reference[key] for key in ("x", "y", "mask")})
        said = self.good("simulate", "e.json", "--weights", GOLDEN / "psychrnn_trained_pd.npz", "--trials",
                         "t.npz", "--out", "s.npz")
        self.assertIn("6 of 6 choices were right", said)
        self.assert_close(self.load("s.npz")["output"], reference["outputs"])
        self.assert_close(self.load("s.npz")["state"], reference["states"])

    def test_given_noise(self):
        reference = golden("psychrnn_step_tanh_noise.npz")
        settings = json.loads(str(reference["cfg"]))
        self.write("e.json", document(settings["dt"], settings["tau"], "tanh", settings["rec_noise"]))
        self.savez("w.npz", **{key: reference["w0_" + key] for key in WEIGHTS})
        self.savez("t.npz", x=reference["x"], noise=reference["noise"])
        self.good("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz")
        self.assert_close(self.load("s.npz")["state"], reference["states"])
        self.assert_close(self.load("s.npz")["output"], reference["outputs"])


class GoldenGradient(Case):
    def test_loss_and_gradients(self):
        for name in ("mse_relu", "clip_active", "noclip"):
            reference = golden(f"psychrnn_step_{name}.npz")
            settings = json.loads(str(reference["cfg"]))
            self.write("e.json", document(settings["dt"], settings["tau"], clip_grads=settings["clip_grads"]))
            self.savez("w.npz", **{key: reference["w0_" + key] for key in WEIGHTS})
            self.savez("t.npz", **{key: reference[key] for key in ("x", "y", "mask")})
            self.good("gradient", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "g.npz")
            found = self.load("g.npz")
            with self.subTest(name):
                self.assert_close(found["loss"], reference["loss_1"])
                self.assertEqual(found["regularization"], 0)
                for key in WEIGHTS:
                    self.assert_close(found["gradient/" + key], reference["grad1_" + key])
                    self.assert_close(found["clipped/" + key], reference["gradclip1_" + key])

    def test_updates_from_given_weights(self):
        """train --weights --trials starts from exactly those weights and learns exactly those trials."""
        reference = golden("psychrnn_step_clip_active.npz")
        settings = json.loads(str(reference["cfg"]))
        self.write("e.json", document(settings["dt"], settings["tau"], learning_rate=settings["learning_rate"]))
        self.savez("w.npz", **{key: reference["w0_" + key] for key in WEIGHTS})
        self.savez("t.npz", **{key: reference[key] for key in ("x", "y", "mask")})
        for updates in (1, 2, 3):
            self.good("train", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", f"r{updates}",
                      "--iterations", updates)
            found = self.load(f"r{updates}/weights.npz")
            for key in WEIGHTS:
                self.assert_close(found[key], reference[f"w{updates}_{key}"])
        self.assertEqual(json.loads(self.path("r3/experiment.json").read_text())["task"]["file"],
                         "files/given-trials.npz")
