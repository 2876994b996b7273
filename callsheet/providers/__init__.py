"""The meaning of answers that several services on the network share."""
