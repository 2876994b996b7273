"""Five plug-ins for Callsheet, one of each kind."""
