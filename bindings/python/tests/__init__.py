"""Tests of the Python module; scripts/test-bindings runs them."""
