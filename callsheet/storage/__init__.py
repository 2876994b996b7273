"""The places for media: one small protocol, a local folder and S3 behind it, and the order of publishing."""
