"""What is kept of jobs that cost money, so that each is submitted once."""
