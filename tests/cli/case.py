"""What the tests of the command share: running it, small experiments, comparing arrays."""

import copy
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

COMMAND = os.environ.get("NULLCLINE", str(pathlib.Path(__file__).parents[2] / "build/native/nullcline"))
GOLDEN = pathlib.Path(os.environ.get("NULLCLINE_GOLDEN", pathlib.Path(__file__).parents[1] / "golden"))

#: Small enough that a run takes a moment, odd enough to have a part of a panel left over.
SMALL = {
    "nullcline": 1,
    "task": {"type": "PerceptualDiscrimination", "dt": 20, "tau": 100, "T": 600, "N_batch": 37},
    "network": {"type": "Basic", "N_rec": 13},
    "training": {"iterations": 20, "loss_epoch": 2},
}


def small(**changes):
    """The small experiment with fields changed: small(network={"N_rec": 5}); None leaves a field out."""
    document = copy.deepcopy(SMALL)
    for section, value in changes.items():
        if not isinstance(value, dict):
            document[section] = value
            continue
        fields = document.setdefault(section, {})
        fields.update(value)
        for name in [name for name, field in fields.items() if field is None]:
            del fields[name]
    return document


def golden(name):
    return np.load(GOLDEN / name, allow_pickle=False)


class Case(unittest.TestCase):
    """A test in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def path(self, name):
        return self.folder / name

    def write(self, name, content):
        """Writes JSON, text or bytes; gives the path."""
        if isinstance(content, (dict, list)):
            content = json.dumps(content)
        path = self.path(name)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def savez(self, name, **arrays):
        np.savez(self.path(name), **arrays)
        return self.path(name)

    def run_command(self, *words, text=None, timeout=120):
        return subprocess.run([COMMAND, *map(str, words)], input=text, capture_output=True, text=True,
                              cwd=self.folder, timeout=timeout)

    def good(self, *words, text=None):
        """Runs the command, which must succeed without a word on standard error; gives standard output."""
        result = self.run_command(*words, text=text)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        return result.stdout

    def bad(self, *words, text=None, status=2, lines=1):
        """Runs the command, which must fail with sentences, not otherwise; gives standard error."""
        result = self.run_command(*words, text=text)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertEqual(result.stderr.count("\n"), lines, result.stderr)
        for line in result.stderr.splitlines():
            self.assertRegex(line, r"^nullcline: .*[.?]$")
        self.assertNotIn("should not have", result.stderr)
        return result.stderr

    def load(self, name):
        """Loads a file without pickle, as a careful NumPy user does."""
        with np.load(self.path(name), allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files}

    def assert_close(self, found, wanted, tolerance=1e-4):
        """Equal relative to the largest value of the array."""
        wanted = np.asarray(wanted, dtype=np.float64)
        self.assertEqual(np.shape(found), wanted.shape)
        scale = max(np.abs(wanted).max(initial=0), 1e-6)
        self.assertLessEqual(np.abs(found - wanted).max(initial=0) / scale, tolerance)
