"""Jobs: one subscription's report for one period."""
