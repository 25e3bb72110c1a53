"""The demo: a sample study's week of reports on the embedded stack."""
