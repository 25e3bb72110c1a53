"""Airflow's plugin for the notes of weekly runs; what it does is in the library."""

from airflow.plugins_manager import AirflowPlugin

from trial_reports_airflow import run_notes


class RunNotes(AirflowPlugin):
    """Registers the listener that writes a run's totals into its note."""

    name = "run_notes"
    listeners = [run_notes]  # noqa: RUF012 - declared so by Airflow
