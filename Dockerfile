# Three images from one file: `--target api`, `--target airflow`, `--target stand-ins`.
FROM python:3.11.15-slim-bookworm AS base
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONPATH=/app/plugins:/app PYTHONUNBUFFERED=1 TZ=UTC
RUN useradd --create-home --uid 1000 reports
WORKDIR /app

# No Airflow, WeasyPrint, Pillow or SendGrid.
FROM base AS api
COPY requirements/api.txt requirements/api.txt
RUN pip install --require-hashes -r requirements/api.txt
COPY plugins/trial_reports plugins/trial_reports
COPY graphql_api graphql_api
COPY templates templates
RUN python -m compileall -q graphql_api plugins
USER 1000:1000
EXPOSE 8000
CMD ["python", "-m", "graphql_api", "--host", "0.0.0.0"]

FROM base AS airflow
# Text layout and fonts for the PDF, as in the Makefile. Their versions are the base image's release's.
# hadolint ignore=DL3008
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
# Tasks may not write here, and each would compile all of it anew.
RUN python -m compileall -q dags plugins
USER 1000:1000
# A volume that is mounted here takes over its owner.
RUN mkdir -p /home/reports/airflow/logs
ENTRYPOINT ["airflow"]

# The mailbox and the sample study, for development. It has Airflow's packages, and so its layers.
FROM airflow AS stand-ins
COPY local_stack local_stack
RUN mkdir /home/reports/mailbox
ENTRYPOINT []
CMD ["python", "-m", "local_stack.mailbox.server", "8025", "0.0.0.0"]
