"""Every task as the command draws it, held to trials that the reference system's own code made."""

import json

import numpy as np

from case import Case, golden

TYPES = {"pd": "PerceptualDiscrimination", "dd": "DelayedDiscrimination", "mtc": "MatchToCategory"}
FILES = [f"{task}_{number}" for task, count in (("pd", 4), ("dd", 4), ("mtc", 3)) for number in range(count)]


class TaskCase(Case):
    def document(self, reference, name):
        task = {"type": TYPES[name.split("_")[0]]}
        task.update({key: float(reference[key]) for key in ("dt", "tau", "T")})
        if task["type"] == "MatchToCategory":
            task.update({key: int(reference[key]) for key in ("N_in", "N_out")})
        return {"nullcline": 1, "conventions": "psychrnn", "task": task, "network": {"type": "Basic"}}

    def trials(self, document, params=None, *flags):
        self.write("e.json", document)
        if params is not None:
            flags += ("--params", self.write("p.json", params))
        self.good("trials", "e.json", *flags, "--out", "t.npz")
        return self.load("t.npz")

    def drawn(self, task, count=500, conventions="standard"):
        """Parameters of drawn trials: an array a name."""
        document = {"nullcline": 1, "conventions": conventions, "task": task, "network": {"type": "Basic"}}
        params = json.loads(str(self.trials(document, None, "--count", count)["params"]))
        return {name: np.array([trial[name] for trial in params]) for name in params[0]}


class TasksOfPsychRnn(TaskCase):
    def test_trials_without_noise(self):
        for name in FILES:
            reference = golden(f"psychrnn_task_{name}.npz")
            params = json.loads(str(reference["params"]))
            found = self.trials(self.document(reference, name), params, "--no-noise")
            with self.subTest(name):
                for key in ("x", "y", "mask"):
                    self.assert_close(found[key], reference[key], 1e-7)
                self.assertEqual(json.loads(str(found["params"])), params)

    def test_strength_of_the_noise(self):
        """The reference's noisy trial is its noiseless one and given normals: ours has the same deviation."""
        for name in FILES:
            reference = golden(f"psychrnn_task_{name}.npz")
            params = [json.loads(str(reference["params"]))[0]] * 50
            found = self.trials(self.document(reference, name), params)
            noise = found["x"] - reference["x"][0]
            deviation = ((reference["noisy_x0"] - reference["x"][0]) / reference["noisy_z0"]).mean()
            with self.subTest(name):
                self.assertAlmostEqual(noise.std() / deviation, 1, delta=4 / np.sqrt(2 * noise.size))
                self.assertAlmostEqual(noise.mean() / deviation, 0, delta=4 / np.sqrt(noise.size))


class DrawnTrials(TaskCase):
    def test_match_to_category(self):
        found = self.drawn({"type": "MatchToCategory", "N_out": 4})
        self.assertTrue((found["category"] == found["angle"] // (np.pi / 2)).all())
        self.assertEqual(set(found["category"]), {0, 1, 2, 3})
        for name, value in (("onset_time", 200), ("input_dur", 1000), ("output_dur", 800), ("stim_noise", 0.1)):
            self.assertEqual(set(found[name]), {value})

    def test_delayed_discrimination(self):
        found = self.drawn({"type": "DelayedDiscrimination", "delay_duration": 300})
        np.testing.assert_allclose(found["stimulus_2"] - found["delay"], 300)
        self.assertTrue((found["choice"] == (found["f1"] < found["f2"])).all())
        self.assertEqual(set(np.abs(found["f1"] - found["f2"])), {8})
        self.assertTrue((found["stimulus_1"] < 250).all())

    def test_perceptual_discrimination(self):
        task = {"type": "PerceptualDiscrimination"}
        free = self.drawn(task, conventions="psychrnn")
        self.assertEqual(set(free["coherence"]), {0.1, 0.3, 0.5, 0.7})
        fixed = self.drawn({**task, "onset_time": 500, "stim_noise": 0.5}, conventions="psychrnn")
        self.assertEqual((set(fixed["onset_time"]), set(fixed["stim_noise"])), ({500}, {0.5}))
        for name in ("coherence", "direction", "stim_duration"):
            self.assertTrue((fixed[name] == free[name]).all(), name)

    def test_what_follows_from_given_parameters(self):
        document = {"nullcline": 1, "task": {"type": "MatchToCategory"}, "network": {"type": "Basic"}}
        params = json.loads(str(self.trials(document, [{"angle": 1}, {"angle": 4}])["params"]))
        self.assertEqual([trial["category"] for trial in params], [0, 1])


class WrongParameters(TaskCase):
    def complaint(self, task, params):
        self.write("e.json", {"nullcline": 1, "task": task, "network": {"type": "Basic"}})
        return self.bad("trials", "e.json", "--params", self.write("p.json", params), "--out", "t.npz")

    def test_names_the_parameter_and_what_is_allowed(self):
        said = self.complaint({"type": "MatchToCategory", "N_out": 3}, [{}, {"category": 3}])
        self.assertIn("p.json: params[1].category must be a whole number from 0 to 2; found 3.", said)
        said = self.complaint({"type": "DelayedDiscrimination"}, [{"stimulus1": 3}])
        self.assertIn('params[0].stimulus1 is not a parameter', said)
        self.assertIn('Did you mean "stimulus_1"?', said)
        said = self.complaint({"type": "DelayedDiscrimination"}, [{"choice": ">"}])
        self.assertIn('params[0].choice must be a number; found ">".', said)
