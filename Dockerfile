# syntax=docker/dockerfile:1
FROM python:3.13-slim-trixie AS build
WORKDIR /source
RUN python -m venv /venv
# The dependencies are a layer of their own, as they change less often than the sources.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > dependencies.txt \
    && /venv/bin/pip install --no-cache-dir -c constraints.txt -r dependencies.txt
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim-trixie
# The openai package trusts the system's certificates, which slim images lack. tini forwards SIGTERM and reaps
# the child processes that read PDFs.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 broadsheet \
    && mkdir /data && chown broadsheet:broadsheet /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH BROADSHEET_DATA=/data PYTHONUNBUFFERED=1
USER broadsheet
# `.env` is read from the working folder, and digests are written to it.
WORKDIR /data
VOLUME /data
# The public pages, with BROADSHEET_SITE=true and BROADSHEET_SITE_HOST=0.0.0.0.
EXPOSE 8080
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s CMD ["broadsheet", "health"]
ENTRYPOINT ["tini", "--", "broadsheet"]
CMD ["run"]
