"""The set-up of the Prefect server: what it must know before a run."""
