"""Records and slots of jobs that cost money: each job is submitted once."""
