"""What several services on the network share: what their answers mean to us."""
