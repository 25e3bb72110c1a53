"""The rules of the weekly report: no Airflow, FastAPI or Strawberry in here."""
