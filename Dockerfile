# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.12-slim
# The openai package trusts the system's certificates, which slim images lack.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 broadsheet \
    && mkdir /data && chown broadsheet /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH BROADSHEET_DATA=/data PYTHONUNBUFFERED=1
USER broadsheet
VOLUME /data
# tini hands SIGTERM on and buries the children that read PDFs.
ENTRYPOINT ["tini", "--", "broadsheet"]
CMD ["run"]
