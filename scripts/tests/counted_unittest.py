"""Python's unittest, with a last line that scripts/test counts. The arguments are those of `python -m unittest`."""

import sys
import unittest

result = unittest.main(module=None, argv=["unittest", *sys.argv[1:]], exit=False).result
# Subtests fail one by one; their test counts once.
failed = len({getattr(test, "test_case", test).id() for test, _ in [*result.failures, *result.errors]})
failed += len(result.unexpectedSuccesses)
print(f"{max(result.testsRun - len(result.skipped) - failed, 0)} passed, {failed} failed", flush=True)
sys.exit(not result.wasSuccessful())
