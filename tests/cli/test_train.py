"""train: the files of a run, going on with it, stopping it, and what it shows."""

import csv
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time

import numpy as np

from case import COMMAND, Case, small

FILES = ("weights.npz", "state.npz", "losses.csv", "experiment.json", "history.json")


class TrainingCase(Case):
    def train(self, out, *words, document=None):
        """Trains with --json; gives the last line's object."""
        self.write("e.json", document or small())
        return json.loads(self.good("train", "e.json", "--out", out, "--json", *words).splitlines()[-1])

    def history(self, out):
        return json.loads(self.path(f"{out}/history.json").read_text())


class TrainFiles(TrainingCase):
    def test_files_of_a_run(self):
        end = self.train("r")
        self.assertEqual(sorted(os.listdir(self.path("r"))), sorted(FILES))
        weights = self.load("r/weights.npz")
        shapes = {"W_in": (13, 2), "W_rec": (13, 13), "W_out": (2, 13), "b_rec": (13,), "b_out": (2,),
                  "init_state": (1, 13), "Dale_rec": (13, 13), "Dale_out": (13, 13),
                  "input_connectivity": (13, 2), "rec_connectivity": (13, 13), "output_connectivity": (2, 13)}
        self.assertEqual({key: array.shape for key, array in weights.items()}, shapes)
        self.assertEqual({array.dtype for array in weights.values()}, {np.dtype("float32")})
        self.assertTrue((weights["Dale_rec"] == np.eye(13)).all())
        self.assertTrue((weights["rec_connectivity"] == 1).all())
        history = self.history("r")
        self.assertEqual(history["hash"], end["hash"])
        self.assertEqual(history["state"], "finished")
        self.assertEqual((history["iteration"], history["iterations"], history["trials"]), (20, 20, 740))
        self.assertIn(history["arithmetic"], ("plain", "fused"))
        self.assertIsInstance(history["numerics_version"], int)
        self.assertGreater(history["seconds"], 0)
        self.assertEqual(history["tested_trials"], 1000)

    def test_learning_curve(self):
        self.train("r")
        rows = list(csv.DictReader(io.StringIO(self.path("r/losses.csv").read_text())))
        points = self.history("r")["history"]
        self.assertEqual([point["iteration"] for point in points], list(range(2, 21, 2)))
        for row, point in zip(rows, points, strict=True):
            self.assertEqual(int(row["iteration"]), point["iteration"])
            self.assertEqual(float(row["loss"]), point["loss"])
            self.assertEqual(float(row["accuracy"]), point["accuracy"])

    def test_saved_document_runs_again(self):
        end = self.train("r")
        saved = json.loads(self.path("r/experiment.json").read_text())
        self.assertEqual(json.loads(self.good("check", "r/experiment.json")), saved)
        self.assertEqual(self.train("again", document=saved)["hash"], end["hash"])

    def test_state_holds_the_run(self):
        self.train("r")
        state, weights = self.load("r/state.npz"), self.load("r/weights.npz")
        self.assertEqual(int(state["iteration"]), 20)
        self.assertEqual(state["raw/W_rec"].dtype, np.float32)
        self.assertTrue((state["raw/W_rec"] == weights["W_rec"]).all())
        self.assertEqual(state["history"].shape, (10, 3))
        self.assertEqual(json.loads(str(state["experiment"])),
                         json.loads(self.path("r/experiment.json").read_text()))

    def test_same_run_same_bytes(self):
        self.train("a")
        time.sleep(2.1)  # a zip archive's times have a step of two seconds
        self.train("b", "--threads", "1")
        for name in ("weights.npz", "state.npz", "losses.csv", "experiment.json"):
            self.assertEqual(self.path(f"a/{name}").read_bytes(), self.path(f"b/{name}").read_bytes(), name)

    def test_threads_do_not_matter(self):
        hashes = {self.train(f"r{threads}", "--threads", threads)["hash"] for threads in (1, 2, 3)}
        self.assertEqual(len(hashes), 1)
        self.assertRegex(hashes.pop(), r"^[0-9a-f]{16}$")

    def test_no_updates(self):
        end = self.train("r", "--iterations", 0)
        self.assertEqual((end["event"], end["iteration"]), ("finished", 0))
        self.assertEqual(self.path("r/losses.csv").read_text(), "iteration,loss,accuracy\n")

    def test_a_new_run_replaces_the_old_with_a_word(self):
        self.train("r")
        result = self.run_command("train", "e.json", "--out", "r", "--iterations", "1")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr, "nullcline: warning: the run that was in r is replaced.\n")


class TrainResume(TrainingCase):
    def test_in_three_parts(self):
        whole = self.train("whole")
        self.train("parts", "--iterations", 7)
        self.train("parts", "--iterations", 8, "--resume", "--threads", "1")
        end = self.train("parts", "--resume")
        self.assertEqual(end["hash"], whole["hash"])
        for name in ("weights.npz", "state.npz", "losses.csv", "experiment.json"):
            self.assertEqual(self.path(f"whole/{name}").read_bytes(), self.path(f"parts/{name}").read_bytes())
        self.assertEqual(self.history("parts")["history"], self.history("whole")["history"])

    def test_finished_run_goes_on_with_more_iterations(self):
        whole = self.train("whole", "--iterations", 30)
        self.train("r")
        self.assertEqual(self.train("r", "--resume", "--iterations", 30)["hash"], whole["hash"])

    def test_finished_run_is_left_as_it_is(self):
        before = self.train("r")
        bytes_before = {name: self.path(f"r/{name}").read_bytes() for name in FILES}
        said = self.good("train", "e.json", "--out", "r", "--resume", "--iterations", 10)
        self.assertIn("done already", said)
        self.assertIn(before["hash"], said)
        self.assertEqual({name: self.path(f"r/{name}").read_bytes() for name in FILES}, bytes_before)

    def test_the_name_may_change(self):
        self.train("r", "--iterations", 5)
        self.train("r", "--resume", document=small(name="Later"))

    def test_refusals(self):
        self.train("r", "--iterations", 5)
        other = self.write("other.json", small(network={"N_rec": 14}))
        said = self.bad("train", other, "--out", "r", "--resume")
        self.assertIn("network.N_rec is 13 in the saved run and 14 here", said)
        said = self.bad("train", self.write("seed.json", small(seed=2)), "--out", "r", "--resume")
        self.assertIn("seed is 1 in the saved run and 2 here", said)
        self.assertIn("does not exist", self.bad("train", "e.json", "--out", "nowhere", "--resume"))
        self.assertFalse(self.path("nowhere").exists())

    def test_other_numerics_are_refused(self):
        self.train("r", "--iterations", 5)
        state = self.load("r/state.npz")
        self.savez("r/state.npz", **{**state, "numerics_version": np.int64(99)})
        self.assertIn("numerics version 99", self.bad("train", "e.json", "--out", "r", "--resume"))
        here = str(state["arithmetic"])
        self.savez("r/state.npz", **{**state, "arithmetic": "plain" if here == "fused" else "fused"})
        self.assertIn("arithmetic", self.bad("train", "e.json", "--out", "r", "--resume"))

    def test_damaged_states_are_refused(self):
        self.train("r", "--iterations", 5)
        state = self.load("r/state.npz")
        damages = {"experiment": "[1, 2", "iteration": -1.0, "history": np.zeros(3, np.int8),
                   "optimizer/0/W_rec": np.zeros((2, 2)), "raw/W_rec": np.full((13, 13), np.nan)}
        for key, value in damages.items():
            self.savez("r/state.npz", **{**state, key: value})
            with self.subTest(key):
                self.bad("train", "e.json", "--out", "r", "--resume")
        self.savez("r/state.npz", **{key: state[key] for key in state if key != "optimizer/numbers"})
        self.assertIn("optimizer/numbers", self.bad("train", "e.json", "--out", "r", "--resume"))

    def test_with_given_trials(self):
        self.write("e.json", small())
        self.good("trials", "e.json", "--count", 9, "--out", "t.npz")
        self.good("trials", self.write("s.json", small(seed=3)), "--count", 9, "--out", "u.npz")
        whole = self.train("whole", "--trials", "t.npz")
        self.train("parts", "--trials", "t.npz", "--iterations", 7)
        self.assertIn("task", self.bad("train", "e.json", "--out", "parts", "--resume"))
        self.assertIn("not the file that the run began with",
                      self.bad("train", "e.json", "--out", "parts", "--resume", "--trials", "u.npz"))
        self.assertEqual(self.train("parts", "--trials", "t.npz", "--resume")["hash"], whole["hash"])
        # The saved document is that of this run, wherever the trials were.
        self.path("t.npz").unlink()
        self.good("train", "whole/experiment.json", "--out", "again")
        self.assertEqual(self.history("again")["hash"], whole["hash"])
        # Given as the copy itself, which stays.
        copy = "again/files/given-trials.npz"
        said = self.run_command("train", "again/experiment.json", "--trials", copy, "--out", "again")
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertEqual(self.history("again")["hash"], whole["hash"])

    def test_files_of_the_document_are_kept_with_the_run(self):
        """The saved document runs, simulates and resumes with the copies; another file is refused."""
        masks = np.random.default_rng(3).integers(0, 2, (2, 13, 13))
        self.path("masks").mkdir()
        self.savez("masks/a.npz", M=masks[0])
        document = small(network={"rec_connectivity": {"file": "masks/a.npz", "key": "M"}})
        whole = self.train("whole", document=document)
        self.train("parts", "--iterations", 7, document=document)
        self.savez("masks/a.npz", M=masks[1])
        self.assertIn("masks/a.npz\" is not the file", self.bad("train", "e.json", "--out", "parts", "--resume"))
        for folder in ("whole", "parts"):
            np.testing.assert_array_equal(self.load(f"{folder}/files/masks/a.npz")["M"], masks[0])
        self.good("simulate", "whole/experiment.json", "--weights", "whole/weights.npz", "--count", 2, "--out", "s.npz")
        self.good("train", "whole/experiment.json", "--out", "again")
        self.good("train", "parts/experiment.json", "--out", "parts", "--resume", "--iterations", 20)
        for folder in ("again", "parts"):
            self.assertEqual(self.history(folder)["hash"], whole["hash"])

    def test_copies_of_copies_keep_their_names(self):
        """No nesting deeper with each run; two files whose copies would meet stay two."""
        rng = np.random.default_rng(4)
        self.path("files").mkdir()
        self.savez("a.npz", M=rng.integers(0, 2, (13, 13)))
        self.savez("files/a.npz", M=rng.integers(0, 2, (13, 2)))
        document = small(network={"rec_connectivity": {"file": "a.npz", "key": "M"},
                                  "input_connectivity": {"file": "files/a.npz", "key": "M"}})
        self.train("whole", document=document)
        whole = self.history("whole")
        self.assertEqual(set(whole["files"]), {"files/a.npz", "files/files/a.npz"})
        self.good("train", "whole/experiment.json", "--out", "again")
        self.assertEqual(self.history("again")["hash"], whole["hash"])
        self.assertEqual(set(self.history("again")["files"]), set(whole["files"]))


class TrainInputs(TrainingCase):
    def test_given_weights_are_the_start(self):
        """No update leaves them to the bit, as single or double precision."""
        self.train("first")
        weights = self.load("first/weights.npz")
        self.savez("w64.npz", **{key: array.astype(np.float64) for key, array in weights.items()})
        for name in ("first/weights.npz", "w64.npz"):
            out = "from-" + name.replace("/", "-")
            end = self.train(out, "--weights", name, "--iterations", 0, document=small(network={"N_rec": None}))
            self.assertEqual(end["hash"], self.history("first")["hash"])
            for key, array in self.load(f"{out}/weights.npz").items():
                self.assertTrue((array == weights[key]).all(), key)
            saved = json.loads(self.path(f"{out}/experiment.json").read_text())
            self.assertEqual(saved["network"]["N_rec"], 13)
            self.assertEqual(self.history(out)["initial_weights"], name)

    def test_weights_that_do_not_fit(self):
        self.train("r")
        self.write("e.json", small(network={"N_rec": 12}))
        said = self.bad("train", "e.json", "--out", "s", "--weights", "r/weights.npz")
        self.assertIn("r/weights.npz: W_in must have the shape (12, 2); found (13, 2)", said)
        weights = self.load("r/weights.npz")
        del weights["W_rec"]
        self.savez("w.npz", **weights)
        said = self.bad("train", self.write("e.json", small()), "--out", "s", "--weights", "w.npz")
        self.assertIn('w.npz has no array "W_rec"; it holds W_in, W_out', said)
        self.assertFalse(self.path("s").exists())

    def test_constraints_of_given_weights_are_kept(self):
        """A network under Dale's law, or with a mask, stays one when its weights are trained on."""
        self.train("r")
        weights = self.load("r/weights.npz")
        signs = np.where(np.arange(13) < 10, 1.0, -1.0)
        mask = np.ones((13, 13))
        mask[0, 3] = 0
        self.savez("w.npz", **{**weights, "dale_ratio": 0.8, "Dale_rec": np.diag(signs),
                               "Dale_out": np.diag((signs > 0) * 1.0), "rec_connectivity": mask})
        self.good("train", self.write("e.json", small()), "--out", "s", "--weights", "w.npz")
        trained = self.load("s/weights.npz")
        self.assertEqual(float(trained["dale_ratio"]), 0.8)
        np.testing.assert_array_equal(np.diag(trained["Dale_rec"]), signs)
        np.testing.assert_array_equal(trained["rec_connectivity"], mask)
        self.assertTrue(np.all(trained["W_rec"] * signs >= 0))
        self.assertEqual(trained["W_rec"][0, 3], 0)
        self.assertGreater(np.abs(trained["W_rec"] - np.abs(weights["W_rec"]) * signs * mask).max(), 0)

    def test_weights_that_the_document_names_bring_their_network(self):
        """Size, masks and Dale's law of the file are the network's, as with --weights."""
        self.train("r", document=small(network={"dale_ratio": .7, "N_rec": 10,
                                                "rec_connectivity": {"pattern": "random"}}))
        named = small(network={"N_rec": None, "initializer": {"type": "WeightInitializer",
                                                              "load_weights_path": "r/weights.npz"}})
        self.good("train", self.write("named.json", named), "--out", "named")
        given = small(network={"N_rec": None})
        self.good("train", self.write("given.json", given), "--weights", "r/weights.npz", "--out", "given")
        self.assertEqual(self.history("named")["hash"], self.history("given")["hash"])
        self.assertEqual(float(self.load("named/weights.npz")["dale_ratio"]), .7)

    def test_weights_that_the_document_changes_are_told(self):
        self.train("r", document=small(network={"dale_ratio": .7, "N_rec": 10}))
        named = {"type": "WeightInitializer", "load_weights_path": "r/weights.npz"}
        given = ["--weights", "r/weights.npz"]
        for changes, options in (({"dale_ratio": .5, "N_rec": 10}, given),
                                 ({"rec_connectivity": {"pattern": "diagonal"}, "N_rec": 10}, given),
                                 ({"dale_ratio": .5, "N_rec": 10, "initializer": named}, [])):
            with self.subTest(changes):
                said = self.run_command("train", self.write("e.json", small(network=changes)), "--out", "s",
                                        "--iterations", 0, *options)
                self.assertEqual(said.returncode, 0, said.stderr)
                self.assertRegex(said.stderr,
                                 r"r/weights.npz: W_rec: \d+ of 100 weights are others under the document's")

    def test_files_of_weights_that_no_network_has(self):
        self.train("r")
        weights = self.load("r/weights.npz")
        signs = np.diag(np.where(np.arange(13) < 10, 1.0, -1.0))
        for key, value in (("dale_ratio", 2.0), ("rec_connectivity", np.full((13, 13), .5))):
            self.savez("w.npz", **{**weights, "Dale_rec": signs, key: value})
            with self.subTest(key):
                self.assertIn(f"w.npz: {key} must", self.bad("train", self.write("e.json", small()), "--out", "s",
                                                            "--weights", "w.npz"))
        self.savez("w.npz", **{**weights, "Dale_rec": signs, "dale_ratio": -1.0})
        said = self.run_command("train", self.write("e.json", small()), "--out", "s", "--weights", "w.npz")
        self.assertIn("it is used without Dale's law", said.stderr)

    def test_batches_of_given_trials(self):
        """The document's N_batch counts; without one, all trials are one batch."""
        self.write("e.json", small())
        self.good("trials", "e.json", "--count", 9, "--out", "t.npz")
        self.train("some", "--trials", "t.npz", document=small(task={"N_batch": 4}))
        self.assertEqual(self.history("some")["trials"], 80)
        self.train("all", "--trials", "t.npz", document=small(task={"N_batch": None}))
        self.assertEqual(self.history("all")["trials"], 180)
        self.assertEqual(self.history("all")["tested_trials"], 9)
        self.assertEqual(list(self.history("all")["files"]), ["files/given-trials.npz"])

    def test_trials_that_do_not_fit(self):
        self.write("e.json", small())
        x, y = np.zeros((3, 5, 2)), np.zeros((3, 5, 2))
        cases = {
            "no array \"mask\"": dict(x=x, y=y),
            "y must have the shape (3, 5, 2); found (3, 4, 2)": dict(x=x, y=y[:, :4], mask=y),
            "x must have the shape (trials, steps, channels); found (5, 2)": dict(x=x[0], y=y, mask=y),
            "found (0, 5, 2)": dict(x=x[:0], y=y[:0], mask=y[:0]),
            "is not a finite number (value 7": dict(x=np.where(np.arange(30) == 7, np.nan, 0).reshape(x.shape),
                                                    y=y, mask=y),
            "must hold numbers; found text": dict(x="x", y=y, mask=y),
        }
        for sentence, arrays in cases.items():
            self.savez("t.npz", **arrays)
            with self.subTest(sentence):
                self.assertIn(sentence, self.bad("train", "e.json", "--trials", "t.npz", "--out", "r"))
        self.assertFalse(self.path("r").exists())

    def test_any_number_of_channels(self):
        rng = np.random.default_rng(1)
        self.savez("t.npz", x=rng.normal(size=(5, 8, 3)), y=np.ones((5, 8, 1)), mask=np.ones((5, 8, 1), bool))
        self.train("r", "--trials", "t.npz")
        self.assertEqual(self.load("r/weights.npz")["W_in"].shape, (13, 3))
        self.assertEqual(self.load("r/weights.npz")["W_out"].shape, (1, 13))

    def test_a_place_that_cannot_be_written(self):
        self.write("e.json", small())
        self.write("file", "")
        self.bad("train", "e.json", "--out", "file", status=1)
        self.bad("train", "e.json", "--out", "file/r", status=1)
        self.bad("trials", "e.json", "--out", "nowhere/t.npz", status=1)
        self.bad("trials", "e.json", "--out", self.folder, status=1)
        self.assertEqual(sorted(os.listdir(self.folder)), ["e.json", "file"])


class TrainFailure(TrainingCase):
    def test_divergence_keeps_the_last_good_weights(self):
        self.write("e.json", small(task={"T": 2000}, training={"learning_rate": 10, "iterations": 60}))
        result = self.run_command("train", "e.json", "--out", "r", "--json")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stderr, r"^nullcline: .*last good weights are kept.*\n$")
        end = json.loads(result.stdout.splitlines()[-1])
        self.assertEqual(end["event"], "diverged")
        self.assertEqual(self.history("r")["state"], "diverged")
        self.assertEqual(self.history("r")["hash"], end["hash"])
        for key, array in self.load("r/weights.npz").items():
            self.assertTrue(np.isfinite(array).all(), key)

    def test_a_reader_that_goes_away(self):
        self.write("e.json", small(training={"iterations": 300, "loss_epoch": 1}))
        process = subprocess.Popen([COMMAND, "train", "e.json", "--out", "r", "--json"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        process.stdout.readline()
        time.sleep(0.05)
        process.stdout.close()
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual(self.history("r")["state"], "finished")

    def interrupt(self, number):
        self.write("e.json", small(training={"iterations": 1000000}))
        process = subprocess.Popen([COMMAND, "train", "e.json", "--out", "r", "--json"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4):
            process.stdout.readline()
        process.send_signal(number)
        output, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        return json.loads(output.splitlines()[-1]), said

    def test_interrupted_runs_go_on(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            end, said = self.interrupt(number)
            with self.subTest(number):
                self.assertEqual(end["event"], "stopped")
                self.assertRegex(said, r"stopped at iteration \d+ of 1000000; to go on: "
                                       r"nullcline train e.json --out r --resume\n$")
                more = end["iteration"] + 3
                resumed = self.train("r", "--resume", "--iterations", more,
                                     document=small(training={"iterations": 1000000}))
                self.assertEqual(resumed["iteration"], more)
                whole = self.train("whole", "--iterations", more)
                self.assertEqual(resumed["hash"], whole["hash"])
                shutil.rmtree(self.path("whole"))
                shutil.rmtree(self.path("r"))


class TrainDisplay(Case):
    def test_plain_lines_and_summary(self):
        document = self.write("e.json", small(training={"iterations": 200, "loss_epoch": 1}))
        lines = self.good("train", document, "--out", "r").splitlines()
        points = [line for line in lines if line.startswith("iteration ")]
        self.assertTrue(15 <= len(points) <= 40, len(points))
        self.assertRegex(points[0], r"^iteration +\d+ of 200  loss \S+ +accuracy \S+ %  \d+ trials/s  \S+ s left$")
        self.assertRegex(points[-1], r"^iteration 200 of 200 ")
        self.assertRegex(lines[-3], r"^On 1000 fresh trials: loss \S+, accuracy \S+ %\.$")
        self.assertRegex(lines[-2], r"^Hash of the weights: [0-9a-f]{16} ")
        self.assertIn("In r: weights.npz", lines[-1])
        self.assertNotIn("\x1b", "".join(lines))

    def test_lines_of_json(self):
        document = self.write("e.json", small())
        lines = [json.loads(line) for line in self.good("train", document, "--out", "r", "--json").splitlines()]
        self.assertEqual([line["event"] for line in lines], ["start", *["progress"] * 10, "finished"])
        self.assertEqual(lines[1]["iteration"], 2)
        for key in ("hash", "loss", "accuracy", "seconds", "out", "numerics_version", "arithmetic"):
            self.assertIn(key, lines[-1])

    def test_one_line_on_a_terminal(self):
        self.write("e.json", small(training={"iterations": 2000}))
        text = self.on_a_terminal("train", "e.json", "--out", "r")
        redrawn = re.findall(r"\r([^\r\n]*)\x1b\[K", text)
        self.assertGreater(len(redrawn), 1)
        self.assertRegex(redrawn[-2], r"2000 of 2000  loss ")
        self.assertEqual(redrawn[-1], "")
        self.assertTrue(all(len(line) < 80 for line in redrawn))
        self.assertIn("Hash of the weights", text)

    def on_a_terminal(self, *words):
        terminal, side = pty.openpty()
        environment = {**os.environ, "TERM": "xterm"}
        process = subprocess.Popen([COMMAND, *words], cwd=self.folder, stdout=side, stderr=side, env=environment)
        os.close(side)
        text = b""
        while select.select([terminal], [], [], 60)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # how Linux tells that the other side is closed
                break
            if not piece:
                break
            text += piece
        os.close(terminal)
        self.assertEqual(process.wait(timeout=60), 0)
        return text.decode()
