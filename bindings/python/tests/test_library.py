"""Where libprnzip is looked for."""

import os
import subprocess
import sys
import tempfile
import unittest

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(program, **environment):
    """What a new Python says; it knows nothing but what the environment names."""
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": PACKAGE, **environment})


class Library(unittest.TestCase):
    def test_a_name_that_is_wrong_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in (folder, os.path.join(folder, "libprnzip.so"), sys.executable):
                answer = run("import prnzip; prnzip.library_version()", PRNZIP_LIBRARY=name)
                self.assertNotEqual(answer.returncode, 0)
                self.assertIn("LibraryNotFound: libprnzip is not found", answer.stderr)

    def test_nothing_is_loaded_before_it_is_needed(self):
        answer = run("import prnzip; print(prnzip.__version__)", PRNZIP_LIBRARY="/")
        self.assertEqual(answer.returncode, 0, answer.stderr)

    def test_a_folder_and_a_file(self):
        named = os.environ.get("PRNZIP_LIBRARY")
        if not named or not os.path.isfile(named):
            self.skipTest("PRNZIP_LIBRARY names no file")
        for name in (named, os.path.dirname(named)):
            answer = run("import prnzip; print(prnzip.library_version())", PRNZIP_LIBRARY=name)
            self.assertEqual(answer.stdout.strip(), "0.1.0", answer.stderr)


if __name__ == "__main__":
    unittest.main()
