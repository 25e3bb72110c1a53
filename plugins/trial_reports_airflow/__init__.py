"""The Airflow side of the report service: thin, and the only part that knows it."""
