"""Every example of the gallery does what the gallery says of it."""

import csv
import functools
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from case import COMMAND, Case
from test_psychrnn import psychrnn_basic_simulator

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
GALLERY = [example for group in json.loads((EXAMPLES / "gallery.json").read_text())["groups"]
           for example in group["examples"]]


def claims_of(example, name):
    return [claim for claim in example["claims"] if claim["claim"] == name]


class Run:
    """A trained example: its files, read when they are asked for."""

    def __init__(self, file, iterations=None):
        self.file = file
        self.folder = pathlib.Path(runs_folder().name) / f"{file}-{iterations}"
        length = [] if iterations is None else ["--iterations", str(iterations)]
        subprocess.run([COMMAND, "train", EXAMPLES / file, "--out", self.folder, *length],
                       check=True, capture_output=True, timeout=600)

    @functools.cached_property
    def weights(self):
        with np.load(self.folder / "weights.npz") as arrays:
            return dict(arrays)

    @functools.cached_property
    def history(self):
        return json.loads((self.folder / "history.json").read_text())

    @functools.cached_property
    def losses(self):
        with open(self.folder / "losses.csv", newline="") as file:
            return {int(row["iteration"]): float(row["loss"]) for row in csv.DictReader(file)}


@functools.cache
def runs_folder():
    return tempfile.TemporaryDirectory()


@functools.cache
def run(file, iterations=None):
    """An example is trained once, however many entries name it."""
    return Run(file, iterations)


def run_of(example):
    return run(example["file"], 0 if claims_of(example, "untrained") else None)


def example_named(name):
    return next(example for example in GALLERY if example["id"] == name)


def block(run, claim):
    """The part of a weight that a claim is about: all of it, a rectangle, or the diagonal."""
    array = run.weights[claim["weight"]]
    if claim.get("diagonal"):
        return np.diag(array)
    return array[slice(*claim.get("rows", (None,))), slice(*claim.get("columns", (None,)))]


class ExampleFiles(Case):
    def test_every_document_is_valid(self):
        for example in GALLERY:
            with self.subTest(example["id"]):
                self.good("check", EXAMPLES / example["file"])

    def test_every_claim_is_understood(self):
        known = {name[len("check_"):] for name in dir(ExampleClaims) if name.startswith("check_")}
        for example in GALLERY:
            with self.subTest(example["id"]):
                self.assertTrue(example["claims"])
                self.assertLessEqual({claim["claim"] for claim in example["claims"]}, known)

    def test_scripts_make_the_files(self):
        """The trials are those of the script; the dictionary holds the weights of the file."""
        python = [sys.executable, "-B"]
        subprocess.run([*python, EXAMPLES / "own_trials.py", self.path("t.npz")], check=True)
        with np.load(EXAMPLES / "own-trials.npz") as wanted:
            for key, array in self.load("t.npz").items():
                np.testing.assert_array_equal(array, wanted[key], key)
        subprocess.run([*python, EXAMPLES / "own_weights.py", EXAMPLES / "trained-network.npz",
                        EXAMPLES / "simulation-from-file.json", self.path("d.json")], check=True)
        made, kept = (json.loads(path.read_text()) for path in
                      (self.path("d.json"), EXAMPLES / "simulation-from-dictionary.json"))
        self.assertEqual(made["network"], kept["network"])


class ExampleClaims(Case):
    """Trains the examples, which takes a minute."""

    def test_claims(self):
        for example in GALLERY:
            for claim in example["claims"]:
                with self.subTest(example["id"], **claim):
                    getattr(self, "check_" + claim["claim"])(run_of(example), claim)

    def check_untrained(self, run, claim):
        self.assertEqual(run.history["iteration"], 0)

    def check_accuracy(self, run, claim):
        self.assertGreaterEqual(run.history["accuracy"], claim["at_least"])

    def check_loss(self, run, claim):
        loss = run.losses[claim["iteration"]]
        self.assertTrue(claim["from"] <= loss <= claim["to"], loss)

    def check_stages(self, run, claim):
        self.assertEqual(run.history["stage"], claim["passed"])
        self.assertGreaterEqual(run.history["metrics"][-1]["value"], claim["at_least"])

    def check_cutoff(self, run, claim):
        self.assertTrue(run.history["cutoff_reached"])
        self.assertGreaterEqual(run.history["accuracy"], claim["at_least"])

    def check_later(self, this, claim):
        self.assertGreater(this.history["iteration"], run_of(example_named(claim["than"])).history["iteration"])

    def check_zero(self, run, claim):
        self.assertFalse(np.any(block(run, claim)))

    def check_both_signs(self, run, claim):
        weight = run.weights[claim["weight"]]
        self.assertTrue(np.all((weight > 0).any(axis=0) & (weight < 0).any(axis=0)))

    def check_dale(self, run, claim):
        excitatory = claim["excitatory"]
        recurrent = run.weights["W_rec"]
        self.assertTrue(np.all(recurrent[:, :excitatory] >= 0))
        self.assertTrue(np.all(recurrent[:, excitatory:] <= 0))
        self.assertFalse(np.any(run.weights["W_out"][:, excitatory:]))

    def check_unmoved(self, trained, claim):
        np.testing.assert_array_equal(block(trained, claim), block(run(trained.file, 0), claim))

    def check_moved(self, trained, claim):
        change = np.abs(block(trained, claim) - block(run(trained.file, 0), claim))
        self.assertGreater(np.mean(change > 0.01), 0.5)

    def check_same_weights(self, run, claim):
        np.testing.assert_array_equal(block(run, claim), block(run_of(example_named(claim["as"])), claim))

    def check_same_network(self, run, claim):
        self.assertEqual(run.history["hash"], run_of(example_named(claim["as"])).history["hash"])

    def check_lesion(self, run, claim):
        """Silencing these units leaves the choice to chance, or nearly."""
        self.savez("lesion.npz", units=np.arange(*claim["units"]))
        trials, outputs = self.simulated(run, "--lesion", "lesion.npz")
        answers = [np.mean(array * trials["mask"], axis=1).argmax(axis=1) for array in (outputs["output"], trials["y"])]
        self.assertLessEqual(np.mean(np.equal(*answers)), claim["at_most"])

    def check_simulation(self, run, claim):
        """The equations in NumPy give the same outputs from the saved weights."""
        trials, found = self.simulated(run)
        task = json.loads((run.folder / "experiment.json").read_text())["task"]
        weights = {key: array.astype(float) for key, array in run.weights.items()}
        outputs, states = psychrnn_basic_simulator(weights, trials["x"].astype(float), task["dt"] / task["tau"],
                                                   lambda state: np.maximum(state, 0))
        self.assert_close(found["output"], outputs)
        self.assert_close(found["state"], states)

    def simulated(self, run, *options):
        """Fresh trials and what the network does on them."""
        document = run.folder / "experiment.json"
        self.good("trials", document, "--count", 200, "--out", "t.npz")
        self.good("simulate", document, "--weights", run.folder / "weights.npz", "--trials", "t.npz", "--out", "s.npz",
                  *options)
        return self.load("t.npz"), self.load("s.npz")
