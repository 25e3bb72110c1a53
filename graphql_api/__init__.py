"""The API process: GraphQL for the frontend and the pages behind a mail's links.

It never imports Airflow or what makes and sends reports.
"""
