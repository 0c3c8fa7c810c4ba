"""check, describe, and what the command says when it is called wrongly."""

import json

from case import Case, small


class Check(Case):
    def test_writes_out_every_default(self):
        document = json.loads(self.good("check", self.write("e.json", small())))
        self.assertEqual(document["seed"], 1)
        self.assertEqual(document["network"]["transfer_function"], "relu")
        self.assertEqual(document["training"]["optimizer"]["beta_1"], 0.9)
        self.assertEqual(document["task"]["N_batch"], 37)

    def test_resolved_document_stays_as_it_is(self):
        once = self.good("check", self.write("e.json", small()))
        self.assertEqual(self.good("check", "-", text=once), once)

    def test_reads_standard_input(self):
        self.good("check", "-", text=json.dumps(small()))

    def test_tells_every_problem_on_a_line(self):
        document = small(task={"taau": 3}, network={"N_rec": -3, "transfer_function": "relo"})
        said = self.bad("check", self.write("e.json", document), lines=3)
        self.assertIn("e.json: task.taau is not a known field", said)
        self.assertIn('Did you mean "tau"?', said)
        self.assertIn("network.N_rec must be a whole number at least 1 and at most 4096 (units); found -3", said)
        self.assertIn('Did you mean "relu"?', said)

    def test_numbers_are_shown_as_people_write_them(self):
        said = self.bad("check", self.write("e.json", small(task={"dt": 1000})))
        self.assertIn("task.dt must be at most task.tau, 100 ms; found 1000 ms", said)

    def test_tells_what_is_no_document(self):
        self.assertIn("line 1", self.bad("check", "-", text='{"nullcline": '))
        self.assertIn("must be an object", self.bad("check", "-", text="[1]"))
        self.assertIn("No such file", self.bad("check", "missing.json"))
        self.assertIn("is a folder", self.bad("check", self.folder))
        self.bad("check", "-", text="")
        self.bad("check", "-", text="[" * 100000)
        self.bad("check", "-", text='{"nullcline": 1, "task": {"type": "\\ud800"}}')

    def test_refuses_what_is_too_long(self):
        self.assertIn("longer than", self.bad("check", "-", text=" " * (17 << 20)))


class Describe(Case):
    def test_overview_names_what_exists(self):
        text = self.good("describe")
        for word in ("PerceptualDiscrimination", "Basic", "GaussianSpectralRadius", "Adam", "seed", "training"):
            self.assertIn(word, text)

    def test_a_type_with_units_defaults_and_ranges(self):
        text = self.good("describe", "PerceptualDiscrimination")
        self.assertRegex(text, r"dt: number above 0 (up to \d+ )?ms; default 10\n")
        self.assertIn("Literature: ", text)

    def test_every_type_and_section(self):
        schema = json.loads(self.good("describe", "--json"))
        for kind, types in schema["$defs"].items():
            self.good("describe", kind)
            for name in types:
                self.assertIn(types[name]["description"][:40], self.good("describe", name))
                self.assertEqual(json.loads(self.good("describe", name, "--json")), types[name])
        self.assertIn("clip.norm", self.good("describe", "training"))

    def test_json_is_the_schema(self):
        schema = json.loads(self.good("describe", "--json"))
        self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        self.assertEqual(schema["required"], ["nullcline", "task", "network"])

    def test_unknown_type(self):
        self.assertIn('Did you mean "Basic"?', self.bad("describe", "Bsic"))


class CommandLine(Case):
    def test_help_and_version(self):
        self.assertIn("simulate", self.good("--help"))
        self.assertIn("--resume", self.good("train", "--help"))
        self.assertRegex(self.good("--version"), r"^nullcline \d+\.\d+\.\d+ \(numerics version \d+\)")

    def test_without_words_it_helps(self):
        result = self.run_command()
        self.assertEqual(result.returncode, 2)
        self.assertIn("describe", result.stderr)

    def test_wrong_words(self):
        document = self.write("e.json", small())
        self.assertIn('Did you mean "train"?', self.bad("trian", document))
        self.assertIn("--out is required", self.bad("train", document))
        self.assertIn("--threads", self.bad("train", document, "--out", "r", "--threads", "0"))
        self.assertIn("--threads", self.bad("train", document, "--out", "r", "--threads", "many"))
        self.assertIn("--frob", self.bad("train", document, "--out", "r", "--frob"))
        self.assertIn("training.iterations", self.bad("train", document, "--out", "r", "--iterations", "-5"))
        self.assertIn("--resume", self.bad("train", document, "--out", "r", "--resume", "--weights", "w.npz"))
        self.assertFalse(self.path("r").exists())
