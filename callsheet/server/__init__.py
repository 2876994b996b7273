"""What Callsheet knows of runs on a Prefect server. The client, steps and the embedded server share it."""
