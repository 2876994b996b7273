"""What the Prefect server must know before a run."""
