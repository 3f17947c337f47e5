"""Rules of an organisation beside the shipped ones."""
