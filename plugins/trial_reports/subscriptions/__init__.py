"""Who wants which report, and who may have it."""
