"""Edited, drawn, animated and enlarged pictures: by models on the network, or by this machine itself."""
