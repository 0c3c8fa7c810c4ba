"""PsychRNN's networks as its own code computed them, constraints, penalties and LSTM included."""

import json

import numpy as np

from case import Case, golden

MATRICES = ("W_in", "W_rec", "W_out")
VECTORS = ("b_rec", "b_out", "init_state")
CONSTRAINTS = ("input_connectivity", "rec_connectivity", "output_connectivity", "Dale_rec", "Dale_out")
GATES = tuple(f"{kind}_{gate}" for gate in "fico" for kind in "Wb")
LSTM = ("init_hidden", "init_cell", *GATES)
PENALTIES = ("L1_in", "L1_rec", "L1_out", "L2_in", "L2_rec", "L2_out", "L2_firing_rate")
#: What the reference's settings have a name for in the section `training`.
TRAINING = ("learning_rate", "clip_grads", "loss_function")

SIMULATIONS = ("plain", "tanh", "sigmoid", "long", "ablate", "dale_mask", "dale_ablate")
STEPS = ("mse_relu", "clip_active", "noclip", "tanh_noise", "dale_mask_l1l2", "fixed", "bce")


def chosen(reference, keys, prefix=""):
    """Those of the keys that the reference has, without the prefix."""
    return {key: reference[prefix + key] for key in keys if prefix + key in reference.files}


def weights_of(reference, prefix=""):
    """A file of weights as PsychRNN has it: raw, with masks and signs beside them."""
    weights = chosen(reference, (*MATRICES, *VECTORS, *CONSTRAINTS, *LSTM), prefix)
    ratio = float(reference["dale_ratio"]) if "dale_ratio" in reference.files else -1
    return {**weights, "dale_ratio": ratio} if ratio > 0 else weights


def by_its_conventions(document):
    return {"nullcline": 1, "conventions": "psychrnn", **document}


class PsychRnnSimulators(Case):
    def simulate(self, document, weights, *options):
        self.write("e.json", by_its_conventions(document))
        self.savez("w.npz", **weights)
        self.good("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz", *options)
        return self.load("s.npz")

    def test_every_simulation(self):
        """Raw weights, and the effective ones that come of them, give the reference's outputs and states."""
        for name in SIMULATIONS:
            reference = golden(f"psychrnn_basicsim_{name}.npz")
            task = {"type": "PerceptualDiscrimination", "dt": float(reference["dt"]), "tau": float(reference["tau"])}
            network = {"type": "Basic", "transfer_function": str(reference["transfer_function"])}
            document = {"task": task, "network": network}
            self.savez("t.npz", x=reference["x"])
            options = []
            if "t_connectivity" in reference.files:
                self.savez("l.npz", t_connectivity=reference["t_connectivity"])
                options = ["--lesion", "l.npz"]
            effective = {key: reference["eff_" + key] for key in MATRICES}
            for kind, weights in (("raw", weights_of(reference)),
                                  ("effective", {**weights_of(reference), **effective}),
                                  ("effective alone", {**effective, **chosen(reference, VECTORS)})):
                with self.subTest(f"{name}, {kind}"):
                    found = self.simulate(document, weights, *options)
                    self.assert_close(found["output"], reference["outputs"])
                    self.assert_close(found["state"], reference["states"])

    def test_every_lstm(self):
        """Outside training every trial starts as the first of the batch did."""
        for name in "ab":
            reference = golden(f"psychrnn_lstmsim_{name}.npz")
            self.savez("t.npz", x=reference["x"])
            found = self.simulate({"task": {"type": "PerceptualDiscrimination"}, "network": {"type": "LSTM"}},
                                  weights_of(reference))
            with self.subTest(name):
                self.assert_close(found["output"], reference["sim_outputs"])
                self.assert_close(found["state"], reference["sim_states"])

    def test_given_signs_and_masks_in_the_document(self):
        """The document's own masks and ratio serve as well as those beside the weights."""
        reference = golden("psychrnn_basicsim_dale_mask.npz")
        self.savez("t.npz", x=reference["x"])
        self.savez("masks.npz", **chosen(reference, CONSTRAINTS))
        network = {"type": "BasicScan", "transfer_function": str(reference["transfer_function"]),
                   "dale_ratio": float(reference["dale_ratio"]),
                   "input_connectivity": {"file": "masks.npz", "key": "input_connectivity"},
                   "rec_connectivity": reference["rec_connectivity"].tolist(),
                   "output_connectivity": {"file": "masks.npz", "key": "output_connectivity"}}
        task = {"type": "PerceptualDiscrimination", "dt": float(reference["dt"]), "tau": float(reference["tau"])}
        self.savez("w.npz", **chosen(reference, (*MATRICES, *VECTORS)))
        self.write("e.json", by_its_conventions({"task": task, "network": network}))
        result = self.run_command("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("W_rec: 383 of 576 weights are others under the document's", result.stderr)
        self.assert_close(self.load("s.npz")["output"], reference["outputs"])


class PsychRnnSteps(Case):
    """Loss, penalties, gradients, clipping and three updates of Adam on one batch."""

    def prepare(self, name):
        reference = golden(f"psychrnn_step_{name}.npz")
        settings = json.loads(str(reference["cfg"]))
        network = {"type": settings["model"]}
        if settings["model"] == "Basic":
            network.update(transfer_function=settings["transfer_function"], rec_noise=settings["rec_noise"],
                           dale_ratio=settings["dale_ratio"])
            for key in CONSTRAINTS[:3]:
                network[key] = {"file": "w.npz", "key": key}
        training = {key: settings[key] for key in TRAINING if key in settings}
        training["regularization"] = {key: settings[key] for key in PENALTIES if key in settings}
        fixed = [key[len("fixed_"):] for key in reference.files if key.startswith("fixed_")]
        training["fixed_weights"] = {key: {"file": "f.npz", "key": "fixed_" + key} for key in fixed}
        self.savez("f.npz", **{"fixed_" + key: reference["fixed_" + key] for key in fixed})
        self.write("e.json", by_its_conventions({
            "task": {"type": "PerceptualDiscrimination", "dt": settings["dt"], "tau": settings["tau"]},
            "network": network, "training": training}))
        law = {"dale_ratio": settings["dale_ratio"]} if settings.get("dale_ratio") else {}
        self.savez("w.npz", **{**weights_of(reference, "w0_"), **law})
        self.savez("t.npz", **chosen(reference, ("x", "y", "mask", "noise")))
        return reference, settings

    def check_gradient(self, name):
        reference, _ = self.prepare(name)
        self.good("gradient", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "g.npz")
        found = self.load("g.npz")
        self.assert_close(found["loss"], reference["loss_1"])
        self.assert_close(found["regularization"], reference["reg_1"])
        names = [key[len("grad1_"):] for key in reference.files if key.startswith("grad1_")]
        self.assertGreater(len(names), 5)
        for key in names:
            with self.subTest(f"{name}: {key}"):
                self.assert_close(found["gradient/" + key], reference["grad1_" + key])
                self.assert_close(found["clipped/" + key], reference["gradclip1_" + key])

    def test_gradients(self):
        for name in (*STEPS, "lstm"):
            self.check_gradient(name)

    def test_three_updates(self):
        """All but the noisy one, whose noise the command draws itself when it trains."""
        for name in (*STEPS, "lstm"):
            if name == "tanh_noise":
                continue
            reference, _ = self.prepare(name)
            for updates in (1, 2, 3):
                folder = f"{name}-{updates}"
                self.good("train", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", folder,
                          "--iterations", updates)
                raw = {key[len("raw/"):]: value for key, value in self.load(f"{folder}/state.npz").items()
                       if key.startswith("raw/")}
                names = [key[len(f"w{updates}_"):] for key in reference.files if key.startswith(f"w{updates}_")]
                for key in names:
                    with self.subTest(f"{name}: {key} after {updates}"):
                        self.assert_close(raw[key], reference[f"w{updates}_{key}"])


def psychrnn_basic_simulator(weights, x, alpha, transfer_function):
    """PsychRNN's simulator, written from its equations alone: weights as they stand in the file."""
    state = np.repeat(weights["init_state"].reshape(1, -1), x.shape[0], axis=0)
    outputs, states = [], []
    for t in range(x.shape[1]):
        rate = transfer_function(state)
        state = (1 - alpha) * state + alpha * (rate @ weights["W_rec"].T + x[:, t] @ weights["W_in"].T
                                               + weights["b_rec"])
        outputs.append(transfer_function(state) @ weights["W_out"].T + weights["b_out"])
        states.append(state)
    return np.stack(outputs, axis=1), np.stack(states, axis=1)


def lstm_simulator(weights, x, squash):
    """An LSTM, written from its equations alone."""
    sigmoid = lambda value: 1 / (1 + np.exp(-value))
    hidden = np.repeat(weights["init_hidden"][:1], x.shape[0], axis=0)
    cell = np.repeat(weights["init_cell"][:1], x.shape[0], axis=0)
    outputs, states = [], []
    for t in range(x.shape[1]):
        z = np.concatenate([hidden, x[:, t]], axis=1)
        forget, add, out = (sigmoid(z @ weights["W_" + gate] + weights["b_" + gate]) for gate in "fio")
        cell = forget * cell + add * np.tanh(z @ weights["W_c"] + weights["b_c"])
        hidden = out * squash(cell)
        outputs.append(hidden @ weights["W_out"].T + weights["b_out"])
        states.append(hidden)
    return np.stack(outputs, axis=1), np.stack(states, axis=1)


class FilesForPsychRnn(Case):
    """What is written here runs elsewhere: NumPy and the equations are all it needs."""

    def trained(self, network, conventions="standard"):
        self.write("e.json", {"nullcline": 1, "conventions": conventions,
                              "task": {"type": "DelayedDiscrimination", "dt": 20, "tau": 100, "T": 600, "N_batch": 20},
                              "network": {"N_rec": 17, **network}, "training": {"iterations": 12}})
        self.good("train", "e.json", "--out", conventions)
        self.good("simulate", "e.json", "--weights", f"{conventions}/weights.npz", "--count", 5, "--out", "s.npz")
        self.good("trials", "e.json", "--count", 5, "--out", "t.npz")
        return self.load(f"{conventions}/weights.npz"), self.load("t.npz")["x"].astype(float), self.load("s.npz")

    def test_basic(self):
        weights, x, found = self.trained({"type": "Basic", "dale_ratio": .8, "autapses": False, "transfer_function": "tanh",
                                          "rec_connectivity": {"pattern": "random", "density": .5}})
        outputs, states = psychrnn_basic_simulator(weights, x, .2, np.tanh)
        self.assert_close(found["output"], outputs)
        self.assert_close(found["state"], states)
        self.assertEqual(sorted(weights), sorted((*MATRICES, *VECTORS, *CONSTRAINTS, "dale_ratio")))
        np.testing.assert_array_equal(np.diag(weights["Dale_rec"]), [1] * 13 + [-1] * 4)
        self.assertTrue(np.all(weights["W_rec"] * np.diag(weights["Dale_rec"]) >= 0))
        self.assertTrue(np.all(weights["W_rec"][weights["rec_connectivity"] == 0] == 0))
        self.assertTrue(np.all(np.diag(weights["rec_connectivity"]) == 0))

    def test_lstm(self):
        for conventions, squash in (("standard", np.tanh), ("psychrnn", lambda c: 1 / (1 + np.exp(-c)))):
            weights, x, found = self.trained({"type": "LSTM"}, conventions)
            outputs, states = lstm_simulator(weights, x, squash)
            with self.subTest(conventions):
                # PsychRNN's base class asks for these whatever the network is.
                for key in (*MATRICES, *VECTORS, *CONSTRAINTS):
                    self.assertIn(key, weights)
                self.assert_close(found["output"], outputs)
                self.assert_close(found["state"], states)

    def test_files_without_a_ratio(self):
        """Files of PsychRNN before 1.0 have signs, but no ratio: they are used without Dale's law, and that is said."""
        weights, _, _ = self.trained({"type": "Basic", "dale_ratio": .8})
        self.savez("old.npz", **{key: value for key, value in weights.items() if key != "dale_ratio"})
        document = json.loads(self.path("e.json").read_text())
        for law, warned in ((.8, False), (None, True)):
            document["network"]["dale_ratio"] = law
            self.write("e.json", document)
            result = self.run_command("simulate", "e.json", "--weights", "old.npz", "--count", 5, "--out", "old_s.npz")
            with self.subTest(dale_ratio=law):
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual("no dale_ratio above 0" in result.stderr, warned, result.stderr)
                self.assert_close(self.load("old_s.npz")["output"], self.load("s.npz")["output"])

    def test_there_and_back(self):
        """Effective weights that are read again are written again to the bit."""
        weights, _, _ = self.trained({"type": "Basic", "dale_ratio": .8})
        self.write("none.json", {**json.loads(self.path("e.json").read_text()), "training": {"iterations": 0}})
        self.good("train", "none.json", "--weights", "standard/weights.npz", "--out", "again")
        again = self.load("again/weights.npz")
        self.assertEqual(sorted(again), sorted(weights))
        for key, value in weights.items():
            np.testing.assert_array_equal(again[key], value, key)
