"""Curricula, cutoffs, checkpoints, own trials, fixed weights, lesions: as a user asks for them."""

import json

import numpy as np

from case import Case, small

EASY = {"stages": [{"task": {"coherence": 5}, "threshold": .05}, {"task": {"coherence": 3}}, {"task": {"T": 400}}],
        "threshold": .05, "metric_epoch": 4}


class RunCase(Case):
    def train(self, folder, document, *options):
        self.write("e.json", document)
        return self.good("train", "e.json", "--out", folder, *options)

    def history(self, folder):
        return json.loads(self.path(f"{folder}/history.json").read_text())


class Curricula(RunCase):
    def test_stages_are_passed_one_after_the_other(self):
        said = self.train("r", small(curriculum=EASY, training={"iterations": 40}))
        self.assertIn("Passed 3 of 3 stages of the curriculum.", said)
        history = self.history("r")
        self.assertEqual([(point["iteration"], point["stage"]) for point in history["metrics"]],
                         [(4, 0), (8, 1), (12, 2)])
        self.assertEqual((history["stage"], history["state"], history["iteration"]), (3, "finished", 12))

    def test_a_stage_that_is_not_passed(self):
        hard = {**EASY, "stages": [EASY["stages"][0], {"task": {"coherence": 0.01}, "threshold": 1}]}
        self.train("r", small(curriculum=hard))
        history = self.history("r")
        self.assertEqual((history["stage"], history["stages"], history["iteration"]), (1, 2, 20))
        self.assertEqual([point["stage"] for point in history["metrics"]], [0, 1, 1, 1, 1])

    def test_earlier_stages_are_measured_too(self):
        self.train("r", small(curriculum={**EASY, "check_earlier_stages": True}))
        self.assertEqual([len(point.get("earlier_stages", [])) for point in self.history("r")["metrics"]], [0, 1, 2])

    def test_resumed_in_the_middle(self):
        document = small(curriculum={**EASY, "metric_epoch": 6}, training={"iterations": 18})
        self.train("whole", document)
        self.train("parts", document, "--iterations", 7)
        self.good("train", "e.json", "--out", "parts", "--resume")
        for name in ("state.npz", "weights.npz", "losses.csv"):
            self.assertEqual(self.path(f"whole/{name}").read_bytes(), self.path(f"parts/{name}").read_bytes(), name)
        self.assertEqual(self.history("whole")["metrics"], self.history("parts")["metrics"])

    def test_another_task_as_a_stage(self):
        other = {"stages": [{"task": {"type": "DelayedDiscrimination", "T": 500}}, {"task": {}}], "threshold": 0}
        self.train("r", small(curriculum=other))
        self.assertEqual([point["stage"] for point in self.history("r")["metrics"]], [0, 1])

    def test_stages_that_do_not_fit(self):
        def said(stage):
            self.write("e.json", small(curriculum={"stages": [{"task": {}}, stage]}))
            return self.bad("check", "e.json")

        self.assertIn('curriculum.stages[1].task.coherense is not a known field', said({"task": {"coherense": 1}}))
        self.assertIn("curriculum.stages[1].task.dt must be that of the task, 20; found 10", said({"task": {"dt": 10}}))
        self.assertIn("curriculum.stages[1].task must have the task's 2 inputs and 2 outputs; found 16 and 2",
                      said({"task": {"type": "MatchToCategory"}}))
        self.assertIn("curriculum.stages[1].threshold must be", said({"task": {}, "threshold": "high"}))
        self.write("e.json", small(curriculum={"stages": []}))
        self.assertIn("curriculum.stages must hold at least 1", self.bad("check", "e.json"))


class Stopping(RunCase):
    def test_cutoff(self):
        said = self.train("r", small(training={"iterations": 50, "performance_cutoff": .1, "performance_epoch": 3}))
        self.assertIn("Reached the cutoff: accuracy", said)
        self.assertEqual((self.history("r")["iteration"], self.history("r")["cutoff_reached"]), (3, True))

    def test_cutoff_of_a_loss_is_reached_from_above(self):
        self.train("r", small(training={"performance_measure": "loss", "performance_cutoff": 100}))
        self.assertEqual(self.history("r")["iteration"], 1)
        self.train("s", small(training={"performance_measure": "loss", "performance_cutoff": 0}))
        self.assertEqual(self.history("s")["iteration"], 20)

    def test_checkpoints_are_the_weights_on_the_way(self):
        self.train("r", small(training={"save_training_weights_epoch": 7}))
        self.assertEqual(self.history("r")["checkpoints"],
                         ["checkpoints/weights-000007.npz", "checkpoints/weights-000014.npz"])
        self.train("short", small(), "--iterations", 14)
        self.assertEqual(self.path("r/checkpoints/weights-000014.npz").read_bytes(),
                         self.path("short/weights.npz").read_bytes())


class Optimizing(RunCase):
    def test_every_optimizer_and_schedule_resumes_to_the_bit(self):
        schedules = [{"type": "exponential", "decay_rate": .9, "decay_steps": 3}, {"type": "step", "every": 4},
                     {"type": "cosine", "decay_steps": 15, "warm_up": 3}, {"type": "constant", "warm_up": 9}]
        for number, optimizer in enumerate(("AdamW", "SGD", "RMSProp", "Adagrad")):
            document = small(network={"dale_ratio": .8, "rec_noise": .1}, training={
                "optimizer": {"type": optimizer}, "schedule": schedules[number], "clip": {"mode": "global"},
                "regularization": {"L1_rec": .1, "L2_firing_rate": .1}})
            self.train(f"whole{number}", document)
            self.train(f"parts{number}", document, "--iterations", 9)
            self.good("train", "e.json", "--out", f"parts{number}", "--resume")
            with self.subTest(optimizer):
                self.assertEqual(self.path(f"whole{number}/state.npz").read_bytes(),
                                 self.path(f"parts{number}/state.npz").read_bytes())

    def test_fixed_and_untrained_weights_stay(self):
        document = small(network={"W_in_train": False}, training={
            "optimizer": {"type": "AdamW"}, "fixed_weights": {"W_rec": {"pattern": "rows", "from": 3, "to": 7}}})
        self.train("none", {**document, "training": {**document["training"], "iterations": 0}})
        self.train("some", document)
        before, after = self.load("none/weights.npz"), self.load("some/weights.npz")
        np.testing.assert_array_equal(after["W_in"], before["W_in"])
        np.testing.assert_array_equal(after["W_rec"][3:7], before["W_rec"][3:7])
        self.assertTrue(np.all(after["W_rec"][:3] != before["W_rec"][:3]))

    def test_unknown_fixed_weight(self):
        self.write("e.json", small(training={"fixed_weights": {"W_req": {"pattern": "full"}}}))
        self.assertIn('training.fixed_weights.W_req is not a weight of this network; its weights are W_in, W_rec',
                      self.bad("check", "e.json"))


class OwnTrials(RunCase):
    def setUp(self):
        super().setUp()
        self.write("d.json", small())
        self.good("trials", "d.json", "--count", 9, "--out", "t.npz")

    def own(self, **task):
        document = small()
        document["task"] = {"type": "Trials", "file": "t.npz", "dt": 20, **task}
        return document

    def test_as_the_task_of_a_document(self):
        """The same run as that of the command line's --trials."""
        self.train("named", self.own())
        self.train("given", small(task={"N_batch": None}), "--trials", "t.npz")
        np.testing.assert_array_equal(self.load("named/weights.npz")["W_rec"], self.load("given/weights.npz")["W_rec"])
        self.assertEqual(self.history("named")["trials"], 180)

    def test_few_at_a_time(self):
        self.train("r", self.own(N_batch=4))
        self.assertEqual(self.history("r")["trials"], 80)

    def test_files_that_will_not_do(self):
        def said(**arrays):
            self.savez("t.npz", **{**trials, **arrays})
            self.write("e.json", self.own())
            return self.bad("check", "e.json")

        trials = {key: value for key, value in self.load("t.npz").items() if key != "params"}
        self.assertIn("mask is 0 everywhere", said(mask=0 * trials["mask"]))
        self.assertIn("t.npz: y must have the shape", said(y=trials["y"][0]))
        self.assertIn("is not a finite number", said(x=trials["x"] * np.nan))
        self.path("t.npz").write_bytes(b"PK\3\4 and no more")
        self.write("e.json", self.own())
        self.bad("check", "e.json")

    def test_names_that_lead_elsewhere(self):
        for name in ("../t.npz", "/tmp/t.npz", "a/../../t.npz", ""):
            self.write("e.json", self.own(file=name))
            with self.subTest(name):
                self.assertIn("task.file must name a file in the document's folder or below", self.bad("check", "e.json"))
        self.write("e.json", self.own(file="none.npz"))
        self.assertIn("none.npz", self.bad("check", "e.json"))


class Lesions(RunCase):
    def setUp(self):
        super().setUp()
        self.train("r", small(network={"rec_noise": 0}))
        self.good("trials", "e.json", "--count", 6, "--out", "t.npz")

    def simulate(self, *options, weights="r/weights.npz", trials="t.npz"):
        self.good("simulate", "e.json", "--weights", weights, "--trials", trials, "--out", "s.npz", *options)
        return self.load("s.npz")

    def test_silent_units_are_weights_taken_away(self):
        whole = self.load("r/weights.npz")
        cut = {key: value.copy() for key, value in whole.items()}
        cut["W_rec"][:, [2, 5]] = 0
        cut["W_out"][:, [2, 5]] = 0
        self.savez("cut.npz", **cut)
        self.savez("l.npz", units=[2, 5])
        silenced, without = self.simulate("--lesion", "l.npz"), self.simulate(weights="cut.npz")
        np.testing.assert_array_equal(silenced["output"], without["output"])
        np.testing.assert_array_equal(silenced["state"], without["state"])

    def test_window(self):
        """Before its window a lesion changes nothing; within it something."""
        self.savez("l.npz", units=[0, 1, 2, 3], window=[200., 300.])
        lesioned, whole = self.simulate("--lesion", "l.npz"), self.simulate()
        np.testing.assert_array_equal(lesioned["output"][:, :10], whole["output"][:, :10])
        self.assertTrue(np.all(lesioned["output"][:, 10:15] != whole["output"][:, 10:15]))

    def test_constant_and_changing_connectivity(self):
        mask = np.random.default_rng(1).integers(0, 2, (13, 13))
        weights = self.load("r/weights.npz")
        self.savez("masked.npz", **{**weights, "W_rec": weights["W_rec"] * mask})
        self.savez("c.npz", connectivity=mask)
        self.savez("t-c.npz", t_connectivity=np.repeat(mask[None], 30, axis=0))
        wanted = self.simulate(weights="masked.npz")["output"]
        np.testing.assert_array_equal(self.simulate("--lesion", "c.npz")["output"], wanted)
        np.testing.assert_array_equal(self.simulate("--lesion", "t-c.npz")["output"], wanted)

    def test_lesions_that_say_something_else(self):
        """A mask in place of numbers of units, or a window without units, is not a lesion."""
        for arrays, sentence in (({"units": np.array([True, False, True])}, "units must be numbers of different units"),
                                 ({"connectivity": np.ones((13, 13)), "window": [0., 60.]},
                                  "window says when units are silent; units are missing")):
            self.savez("l.npz", **arrays)
            self.assertIn(sentence, self.bad("simulate", "e.json", "--weights", "r/weights.npz", "--trials", "t.npz",
                                             "--out", "s.npz", "--lesion", "l.npz"))

    def test_lesions_that_do_not_fit(self):
        def said(**arrays):
            self.savez("l.npz", **arrays)
            return self.bad("simulate", "e.json", "--weights", "r/weights.npz", "--trials", "t.npz", "--out", "s.npz",
                            "--lesion", "l.npz")

        self.assertIn("units must be numbers from 0 to 12; found 13", said(units=[13]))
        self.assertIn("l.npz: connectivity must have the shape (13, 13); found (12, 12)", said(connectivity=np.ones((12, 12))))
        self.assertIn("t_connectivity must hold 30 × 13 × 13 values", said(t_connectivity=np.ones((29, 13, 13))))
        self.assertIn("must hold t_connectivity, connectivity or units", said(other=[1]))
        self.assertIn("window must begin before it ends", said(units=[1], window=[300., 200.]))

    def test_without_input(self):
        said = self.good("simulate", "e.json", "--weights", "r/weights.npz", "--autonomous", 50, "--out", "s.npz")
        self.assertIn("Ran 1 trial of 50 steps", said)
        self.savez("zeros.npz", x=np.zeros((1, 50, 2)))
        alone = self.load("s.npz")
        np.testing.assert_array_equal(alone["state"], self.simulate(trials="zeros.npz")["state"])

    def test_one_step_of_one_trial(self):
        self.savez("one.npz", x=np.ones((1, 1, 2)))
        self.assertEqual(self.simulate(trials="one.npz")["output"].shape, (1, 1, 2))


class WrongNetworks(Case):
    def said(self, **network):
        self.write("e.json", small(network=network))
        return self.bad("check", "e.json")

    def test_sentences(self):
        self.assertIn("network.dale_ratio leaves no excitatory unit among 13", self.said(dale_ratio=0))
        self.assertIn("network.dale_ratio must be", self.said(dale_ratio=1.5))
        self.assertIn("network.tau must be at least task.dt, 20 ms; found 5 ms", self.said(tau=5))
        self.assertIn("one time constant for each of the 13 units; found 2", self.said(tau=[50, 60]))
        self.assertIn("network.rec_connectivity must be 13 × 13 numbers (to × from); found 2 rows",
                      self.said(rec_connectivity=[[1, 0], [0, 1]]))
        self.assertIn('network.rec_connectivity.pattern must be', self.said(rec_connectivity={"pattern": "wheel"}))
        self.assertIn("network.rec_connectivity.sizes must add up to the number of units, 13",
                      self.said(rec_connectivity={"pattern": "modules", "sizes": [5, 5],
                                                  "connected": [[1, 0], [0, 1]]}))
        self.assertIn("network.input_connectivity leaves no connection", self.said(input_connectivity={"pattern": "none"}))
        self.assertIn("w.npz",
                      self.said(rec_connectivity={"file": "w.npz", "key": "W_rec"}))
        self.assertIn("init_minval must be at most init_maxval",
                      self.said(initializer={"type": "WeightInitializer", "init_minval": 1, "init_maxval": 0}))

    def test_networks_that_cannot_answer(self):
        self.assertIn("could not answer", self.said(dale_ratio=.6, output_connectivity={
            "pattern": "columns", "from": 9, "to": 13}))
        self.assertIn("could not answer", self.said(Dale_rec=[1] * 13, Dale_out=[0] * 13))
        self.assertIn("Dale_out means nothing without", self.said(Dale_out=[1] * 13))

    def test_patterns_beyond_the_matrix(self):
        self.assertIn("rec_connectivity.to must be above from, 10, and at most 13; found 20",
                      self.said(rec_connectivity={"pattern": "rows", "from": 10, "to": 20}))
        self.write("e.json", small(training={"fixed_weights": {"W_rec": {"pattern": "rows", "from": 40, "to": 50}}}))
        self.assertIn("training.fixed_weights.W_rec.to", self.bad("check", "e.json"))

    def test_masks_of_zeros_and_ones(self):
        self.assertIn("must hold 1 where a connection exists and 0 where none does; found 0.5",
                      self.said(input_connectivity=[[.5, 1]] * 13))

    def test_trials_that_ask_for_nothing(self):
        self.write("e.json", small(task={"type": "MatchToCategory", "T": 600}))
        self.assertIn("task.T, 600 ms, ends the trials before an answer is asked for",
                      self.bad("train", "e.json", "--out", "r"))
        self.write("e.json", small())
        self.good("trials", "e.json", "--count", 4, "--out", "t.npz")
        trials = self.load("t.npz")
        self.savez("empty.npz", x=trials["x"], y=trials["y"], mask=0 * trials["mask"])
        self.assertIn("mask is 0 everywhere", self.bad("train", "e.json", "--out", "r", "--trials", "empty.npz"))

    def test_an_lstm_in_a_basic_network(self):
        self.write("lstm.json", small(network={"type": "LSTM"}, conventions="psychrnn"))
        self.good("train", "lstm.json", "--out", "l")
        self.write("e.json", small(conventions="psychrnn"))
        self.assertIn("holds the weights of an LSTM", self.bad("simulate", "e.json", "--weights", "l/weights.npz",
                                                               "--out", "s.npz"))

    def test_a_radius_that_is_not_there(self):
        """A feed-forward mask has no spectral radius: a warning, not a failure."""
        lower = np.tril(np.ones((13, 13)), -1).tolist()
        self.write("e.json", small(network={"rec_connectivity": lower}))
        result = self.run_command("train", "e.json", "--out", "r")
        self.assertEqual(result.returncode, 0)
        self.assertIn("warning: W_rec has no cycle of connections", result.stderr)
