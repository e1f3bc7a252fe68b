"""A trainer in PyTorch for the recipes of prntrain."""
