"""The cover of minutes (kansilehti): its rows, and its words."""
