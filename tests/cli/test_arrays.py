"""Files of arrays: those that NumPy writes in all its ways, and those that somebody made to do harm."""

import io
import json
import os
import pickle
import struct
import warnings
import zipfile

import numpy as np

from case import Case, small


def npy(header, data=b"", version=(1, 0)):
    """A .npy file of any header."""
    text = header if isinstance(header, bytes) else header.encode()
    length = struct.pack("<H" if version[0] == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + length + text + data


def header(descr="<f4", fortran_order=False, shape=(3,)):
    return str({"descr": descr, "fortran_order": fortran_order, "shape": shape}) + "\n"


class ArrayCase(Case):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        self.write("e.json", small())
        self.weights = {"W_in": rng.integers(-3, 4, (13, 2)), "W_rec": rng.integers(-1, 2, (13, 13)),
                        "W_out": rng.integers(-3, 4, (2, 13)), "b_rec": rng.integers(0, 2, 13),
                        "b_out": rng.integers(0, 2, 2), "init_state": rng.integers(0, 2, (1, 13))}
        self.trials = {"x": rng.integers(0, 3, (3, 6, 2)).astype(np.float32)}
        self.savez("t.npz", **self.trials)

    def simulate(self, weights="w.npz"):
        self.good("simulate", "e.json", "--weights", weights, "--trials", "t.npz", "--out", "s.npz")
        return self.load("s.npz")["output"]

    def archive(self, name, **members):
        with zipfile.ZipFile(self.path(name), "w") as file:
            for key, content in members.items():
                file.writestr(key + ".npy", content)
        return self.path(name)


class ArraysOfNumpy(ArrayCase):
    def expected(self):
        self.savez("plain.npz", **{key: array.astype(np.float32) for key, array in self.weights.items()})
        return self.simulate("plain.npz")

    def test_every_type_and_byte_order(self):
        expected = self.expected()
        for code in ("f4", "f8", "i1", "i2", "i4", "i8"):
            for order in "<>":
                self.savez("w.npz", **{key: array.astype(order + code) for key, array in self.weights.items()})
                with self.subTest(order + code):
                    self.assertTrue((self.simulate() == expected).all())

    def test_types_without_a_sign(self):
        self.weights = {key: np.abs(array) % 2 for key, array in self.weights.items()}
        expected = self.expected()
        for code in ("u1", "u2", "u4", "u8", "?", ">u8", ">u2"):
            self.savez("w.npz", **{key: array.astype(code) for key, array in self.weights.items()})
            with self.subTest(code):
                self.assertTrue((self.simulate() == expected).all())

    def test_memory_order(self):
        expected = self.expected()
        self.savez("w.npz", **{key: np.asfortranarray(array.astype(">f8")) for key, array in self.weights.items()})
        self.savez("t.npz", x=np.asfortranarray(self.trials["x"]))
        self.assertTrue((self.simulate() == expected).all())

    def test_compressed(self):
        expected = self.expected()
        np.savez_compressed(self.path("w.npz"), **self.weights)
        self.assertTrue((self.simulate() == expected).all())

    def test_every_version_of_the_format(self):
        expected = self.expected()
        for version in ((1, 0), (2, 0), (3, 0)):
            members = {}
            for key, array in self.weights.items():
                stream = io.BytesIO()
                np.lib.format.write_array(stream, array, version=version)
                members[key] = stream.getvalue()
            self.archive("w.npz", **members)
            with self.subTest(version):
                self.assertTrue((self.simulate() == expected).all())

    def test_header_as_python_2_wrote_it(self):
        expected = self.expected()
        members = {}
        for key, array in self.weights.items():
            shape = "(" + "".join(f"{length}L, " for length in array.shape) + ")"
            text = "{'descr': '<i8', 'fortran_order': False, 'shape': " + shape + ", }\n"
            members[key] = npy(text, array.astype("<i8").tobytes())
        self.archive("w.npz", **members)
        self.assertTrue((self.simulate() == expected).all())

    def test_larger_archives_and_foreign_members(self):
        expected = self.expected()
        self.savez("w.npz", **{**self.weights, **{f"other{i}": np.zeros(i) for i in range(200)}})
        with zipfile.ZipFile(self.path("w.npz"), "a") as file:
            file.writestr("readme.txt", "not an array")
        self.assertTrue((self.simulate() == expected).all())

    def test_names_that_lead_out_of_the_file(self):
        self.expected()
        for name in ("../outside", "a/../../outside", "/outside"):
            self.savez("w.npz", **self.weights)
            with zipfile.ZipFile(self.path("w.npz"), "a") as file:
                file.writestr(name + ".npy", npy(header(shape=()), b"\0" * 4))
            with self.subTest(name):
                self.assertIn("leads out of the file",
                              self.bad("simulate", "e.json", "--weights", "w.npz", "--out", "s.npz"))
        self.assertFalse((self.folder.parent / "outside.npy").exists())

    def test_archive_written_to_a_pipe(self):
        """Then sizes and checksums stand behind each member."""
        expected = self.expected()

        class Pipe(io.RawIOBase):
            content = b""

            def writable(self):
                return True

            def write(self, piece):
                self.content += bytes(piece)
                return len(piece)

        for method in (np.savez, np.savez_compressed):
            pipe = Pipe()
            method(pipe, **self.weights)
            self.write("w.npz", pipe.content)
            self.assertTrue((self.simulate() == expected).all())

    def test_trials_come_back(self):
        """What `trials` writes is what `simulate` draws, and what NumPy hands back is read again."""
        self.savez("w.npz", **self.weights)
        self.good("trials", "e.json", "--out", "t.npz")
        trials = self.load("t.npz")
        self.assertEqual({key: array.shape for key, array in trials.items()},
                         {"x": (37, 30, 2), "y": (37, 30, 2), "mask": (37, 30, 2), "params": ()})
        self.assertEqual(len(json.loads(str(trials["params"]))), 37)
        given = self.simulate()
        np.savez_compressed(self.path("t.npz"), **trials)
        self.assertTrue((self.simulate() == given).all())
        self.good("simulate", "e.json", "--weights", "w.npz", "--out", "s.npz")
        self.assertTrue((self.load("s.npz")["output"] == given).all())

    def test_parameters_and_counts(self):
        self.good("trials", "e.json", "--count", 5, "--out", "t.npz")
        self.assertEqual(self.load("t.npz")["x"].shape, (5, 30, 2))
        self.write("p.json", [{"coherence": 0.5, "direction": 1}] * 3)
        self.good("trials", "e.json", "--params", "p.json", "--no-noise", "--out", "t.npz")
        self.assertEqual({round(trial["coherence"], 9) for trial in json.loads(str(self.load("t.npz")["params"]))},
                         {0.5})
        self.assertEqual(set(np.unique(self.load("t.npz")["x"])), {0, 1, 1.5})
        self.write("p.json", [{"coherance": 0.5}])
        said = self.bad("trials", "e.json", "--params", "p.json", "--out", "u.npz")
        self.assertIn("p.json: params[0].coherance", said)
        self.assertIn('Did you mean "coherence"?', said)
        self.write("p.json", {"coherence": 1})
        self.bad("trials", "e.json", "--params", "p.json", "--out", "u.npz")
        self.write("p.json", [{}, {}])
        self.bad("trials", "e.json", "--params", "p.json", "--count", 3, "--out", "u.npz")
        self.bad("trials", "e.json", "--count", 0, "--out", "u.npz")
        self.assertFalse(self.path("u.npz").exists())

    def test_trials_and_weights_must_fit(self):
        self.savez("w.npz", **self.weights)
        self.savez("t.npz", x=np.zeros((3, 6, 2)), noise=np.zeros((6, 3, 12)))
        self.assertIn("noise has 12 units; the network has 13",
                      self.bad("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz"))
        self.savez("t.npz", x=np.zeros((3, 6, 4)))
        self.assertIn("W_in must have the shape (13, 4); found (13, 2)",
                      self.bad("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz"))

    def test_out_may_be_a_device(self):
        self.savez("w.npz", **self.weights)
        self.good("simulate", "e.json", "--weights", "w.npz", "--out", "/dev/null")
        self.assertFalse(os.path.isfile("/dev/null"))

    def test_out_may_be_a_link(self):
        self.write("real.npz", "")
        os.symlink(self.path("real.npz"), self.path("link.npz"))
        self.good("trials", "e.json", "--out", "link.npz")
        self.assertTrue(self.path("link.npz").is_symlink())
        self.assertGreater(self.path("real.npz").stat().st_size, 100)


class ArraysWithObjects(ArrayCase):
    def object_file(self, value, protocol=4, shape=()):
        """An object array as NumPy writes one, with a pickle of any protocol."""
        return npy(header("|O", False, shape), pickle.dumps(np.array(value, dtype=object), protocol))

    def add(self, **members):
        self.savez("w.npz", **self.weights)
        with zipfile.ZipFile(self.path("w.npz"), "a") as file:
            for key, content in members.items():
                file.writestr(key + ".npy", content)

    def test_none_is_understood_in_every_protocol(self):
        self.savez("w.npz", **self.weights)
        expected = self.simulate()
        for protocol in range(6):
            self.add(dale_ratio=self.object_file(None, protocol))
            with self.subTest(protocol):
                self.assertTrue((self.simulate() == expected).all())

    def test_numbers_are_understood_in_every_protocol(self):
        for protocol in range(6):
            for value in (0.5, 1, 1 << 40, -7.25):
                self.add(dale_ratio=self.object_file(value, protocol))
                result = self.run_command("train", "e.json", "--weights", "w.npz", "--out", "r", "--iterations", 0)
                with self.subTest((protocol, value)):
                    if value > 1:
                        self.assertIn(f"dale_ratio must be at most 1; found {value}", result.stderr)
                    elif value > 0:
                        # Dale's law: it is looked for its matrices, which are not there.
                        self.assertIn('no array "Dale_rec"', result.stderr)
                    else:
                        self.assertEqual((result.returncode, "skipped" in result.stderr), (0, False))

    def test_other_objects_are_skipped_with_a_warning(self):
        self.savez("w.npz", **self.weights)
        expected = self.simulate()
        values = (np.tanh, "relu", np.float64, complex(1, 2), {"a": 1}, [None], (None,))
        objects = {f"object_{number}_{protocol}": self.object_file(value, protocol)
                   for number, value in enumerate(values) for protocol in range(6)}
        self.add(**objects)
        result = self.run_command("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr.splitlines(), [
            f"nullcline: warning: w.npz: {key} holds pickled Python objects and was skipped." for key in objects])
        self.assertTrue((self.load("s.npz")["output"] == expected).all())

    def test_nothing_is_executed(self):
        class Harm:
            def __reduce__(self):
                return os.system, (f"touch {target}",)

        target = self.path("harm")
        for protocol in range(6):
            self.add(dale_ratio=npy(header("|O", False, ()), pickle.dumps(Harm(), protocol)))
            self.run_command("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz")
        self.assertFalse(target.exists())

    def test_pickles_that_make_no_sense(self):
        self.savez("w.npz", **self.weights)
        rng = np.random.default_rng(4)
        good = pickle.dumps(np.array(None, dtype=object), 2)
        pickles = [b"", b".", b"N", b"N.", b"(((((.", b"]q\0h\0ah\0a.", b"h\0.", b"t.", b"\x87.", b"a.", b"b.",
                   b"\x8a\xff", b"Ix\n.", b"F1e999\n.", b"K", b"X\xff\xff\xff\xff.", b"]2" * 2000 + b".",
                   b"N\x85" * 4000 + b".", good[:-3], bytes(5000)]
        pickles += [bytes(rng.integers(0, 256, 80, dtype=np.uint8)) for _ in range(20)]
        for _ in range(400):
            spoilt = bytearray(good)
            spoilt[rng.integers(len(spoilt))] = rng.integers(256)
            pickles.append(bytes(spoilt))
        self.add(**{f"object{number}": npy(header("|O", False, ()), content)
                    for number, content in enumerate(pickles)})
        result = self.run_command("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreater(result.stderr.count("was skipped"), 40)

    def test_objects_where_numbers_should_be(self):
        del self.weights["b_rec"]
        self.add(b_rec=self.object_file([1, 2], shape=(2,)))
        result = self.run_command("simulate", "e.json", "--weights", "w.npz", "--out", "s.npz")
        self.assertEqual(result.returncode, 2)
        self.assertIn("w.npz: b_rec must hold numbers; found pickled Python objects", result.stderr)


class HostileFiles(ArrayCase):
    def refused(self, sentence="", name="w.npz"):
        said = self.bad("simulate", "e.json", "--weights", name, "--trials", "t.npz", "--out", "s.npz")
        self.assertIn(sentence, said)
        self.assertIn(name, said)
        self.assertFalse(self.path("s.npz").exists())

    def with_readout(self, content, compression=zipfile.ZIP_STORED):
        self.savez("w.npz", **{key: array for key, array in self.weights.items() if key != "W_out"})
        with zipfile.ZipFile(self.path("w.npz"), "a", compression) as file:
            file.writestr("W_out.npy", content)

    def test_what_is_no_archive(self):
        self.refused("does not exist")
        self.write("w.npz", b"")
        self.refused()
        self.write("w.npz", b"PK\x05\x06" + bytes(18))
        self.refused("it holds none")
        self.write("w.npz", os.urandom(1000))
        self.refused("not a NumPy archive")
        np.save(self.path("w.npy"), np.zeros(3))
        self.refused("not a NumPy archive", "w.npy")
        self.path("folder").mkdir()
        self.refused("is a folder", "folder")

    def test_cut_short(self):
        self.savez("good.npz", **self.weights)
        whole = self.path("good.npz").read_bytes()
        for length in (10, 100, 1000, len(whole) - 1):
            self.write("w.npz", whole[:length])
            with self.subTest(length):
                self.refused()

    def test_changed_bytes(self):
        """One byte changed somewhere: refused, or it did not matter; never anything else."""
        np.savez_compressed(self.path("good.npz"), **self.weights)
        whole = bytearray(self.path("good.npz").read_bytes())
        rng = np.random.default_rng(5)
        for place in rng.integers(0, len(whole), 40):
            spoilt = bytearray(whole)
            spoilt[place] ^= 1 << int(rng.integers(8))
            self.write("w.npz", bytes(spoilt))
            result = self.run_command("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz")
            with self.subTest(int(place)):
                self.assertIn(result.returncode, (0, 2), result.stderr)
                self.assertNotIn("should not have", result.stderr)

    def test_headers(self):
        cases = {
            "is cut short": npy(header(shape=(2, 13)), bytes(50)),
            "is damaged": npy(header(shape=(2, 13)), bytes(200)),
            "which no memory can hold": npy(header(shape=(1 << 40, 1 << 40))),
            "no memory can hold": npy(header(shape=(1 << 62, 4, 4))),
            "beyond any size": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,)}"),
            "found (0, 13)": npy(header(shape=(0, 13))),
            "takes 4398046511104 bytes": npy(header(shape=(1 << 40,))),
            "not a NumPy array": b"not an array at all",
            "array format 4": npy(header(), version=(4, 0)),
            "within its header": npy(header(shape=(2, 13)))[:20],
            "ends within its header": b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}",
            "header is not one": npy(header().replace("shape", "shade")),
            "named fields": npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}"),
            'type "<c8"': npy(header("<c8", shape=(1,)), bytes(8)),
            'type "f4"': npy(header("f4", shape=(1,)), bytes(4)),
            'type ""': npy(header("", shape=(1,)), bytes(4)),
            'type "<f4; rm -rf /"': npy(header("<f4; rm -rf /")),
            "found text": npy(header("<U3", shape=()), "abc".encode("utf-32-le")),
            "list of texts": npy(header("<U3", shape=(1,)), "abc".encode("utf-32-le")),
            "text is not as long": npy(header("<U9", shape=()), "abc".encode("utf-32-le")),
            "not Unicode": npy(header("<U1", shape=()), b"\xff\xff\xff\xff"),
        }
        for text in ("", "{", "{}", "[]", "{'descr'", "{'descr': }", "{'shape': (1, 'a')}", "{'shape': (-1,)}", "(" * 5000,
                     "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (3,)}", "{'shape': (" + "1," * 100 + ")}",
                     "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)"):
            cases[f"header is not one that NumPy writes.{text}"] = npy(text)
        for sentence, content in cases.items():
            self.with_readout(content)
            with self.subTest(sentence[:60]):
                self.refused(sentence.split(".")[0] if "NumPy writes" in sentence else sentence)

    def test_values_that_are_no_weights(self):
        refusals = {
            np.nan: "not a finite number (value 43",
            np.inf: "not a finite number (value 43",
            1e300: "too large for single precision, above 3.4e38 (value 43",
        }
        for value, refusal in refusals.items():
            weights = {key: array.astype(np.float64) for key, array in self.weights.items()}
            weights["W_rec"][3, 4] = value
            self.savez("w.npz", **weights)
            self.refused(f"W_rec holds a value that is {refusal}")

    def test_bombs(self):
        """Small files that unpack to much, or say that they do."""
        self.with_readout(npy(header(shape=(1 << 26,)), bytes(1 << 28)), zipfile.ZIP_DEFLATED)
        self.assertLess(self.path("w.npz").stat().st_size, 1 << 20)
        self.refused("must have the shape")  # 256 MB of zeros are read, and are no matrix
        self.lie(3 << 30)
        self.refused("more than 2 GB")
        self.lie(1 << 30)
        self.refused()

    def lie(self, size):
        """An archive whose directory says that its last member unpacks to that size."""
        self.with_readout(npy(header(shape=(2, 13)), bytes(104)), zipfile.ZIP_DEFLATED)
        content = bytearray(self.path("w.npz").read_bytes())
        struct.pack_into("<I", content, content.rindex(b"PK\x01\x02") + 24, size)
        struct.pack_into("<I", content, content.rindex(b"PK\x03\x04") + 22, size)
        self.write("w.npz", bytes(content))

    def test_names_that_would_write_on_the_terminal(self):
        self.savez("w.npz", **{key: array for key, array in self.weights.items() if key != "W_out"})
        with zipfile.ZipFile(self.path("w.npz"), "a") as file:
            file.writestr("W\x1b[31m\n\x9bout.npy", npy(header(shape=())))
        result = self.run_command("simulate", "e.json", "--weights", "w.npz", "--out", "s.npz")
        self.assertNotRegex(result.stderr, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")
        self.assertEqual(result.stderr.count("\n"), 1)

    def test_methods_that_numpy_does_not_use(self):
        self.with_readout(npy(header(shape=(2, 13)), bytes(104)), zipfile.ZIP_BZIP2)
        self.refused("compressed by a method")

    def test_wrong_checksum(self):
        self.with_readout(npy(header(shape=(2, 13)), bytes(104)))
        content = bytearray(self.path("w.npz").read_bytes())
        content[content.rindex(b"\n" + bytes(104)) + 50] ^= 1
        self.write("w.npz", bytes(content))
        self.refused()

    def test_twice_the_same_key(self):
        self.with_readout(npy(header(shape=(2, 13)), bytes(104)))
        with warnings.catch_warnings(), zipfile.ZipFile(self.path("w.npz"), "a") as file:
            warnings.simplefilter("ignore")
            file.writestr("W_out.npy", b"second")
        result = self.run_command("simulate", "e.json", "--weights", "w.npz", "--trials", "t.npz", "--out", "s.npz")
        self.assertIn(result.returncode, (0, 2))
        self.assertNotIn("should not have", result.stderr)
