"""Measurements: ratios of processor time, each with its baseline in the same run."""
