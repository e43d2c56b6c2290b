"""The audit: what is wrong with a plan, found without credentials, network or a run."""
