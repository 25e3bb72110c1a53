"""Runs: one Airflow DAG run each."""
