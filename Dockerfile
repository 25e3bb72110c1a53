# Two images from one file: `--target api` and `--target airflow`.
FROM python:3.11-slim-bookworm AS base
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONPATH=/app/plugins:/app PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 1000 reports
WORKDIR /app

FROM base AS api
COPY requirements/api.txt requirements/api.txt
RUN pip install --require-hashes -r requirements/api.txt
COPY plugins/trial_reports plugins/trial_reports
COPY graphql_api graphql_api
COPY templates templates
USER reports
EXPOSE 8000
CMD ["uvicorn", "graphql_api.app:create_app", "--factory", "--host", "0.0.0.0", "--port", "8000", "--no-access-log"]

FROM base AS airflow
# Text layout and fonts for the PDF.
RUN apt-get update && apt-get install -y --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
      fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/*
ENV AIRFLOW_HOME=/home/reports/airflow AIRFLOW__CORE__DAGS_FOLDER=/app/dags AIRFLOW__CORE__PLUGINS_FOLDER=/app/plugins
COPY requirements/pipeline.txt requirements/pipeline.txt
RUN pip install --require-hashes -r requirements/pipeline.txt
COPY plugins plugins
COPY dags dags
COPY templates templates
USER reports
ENTRYPOINT ["airflow"]
