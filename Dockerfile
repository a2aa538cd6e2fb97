# The service as one image; `serve` and `worker` are two commands of it.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
WORKDIR /app
COPY requirements.lock ./
RUN /venv/bin/pip install --no-deps --require-hashes -r requirements.lock
COPY . .
RUN /venv/bin/python tools/link.py && /venv/bin/python -m compileall -q /app

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --create-home subgrants && install -d -o subgrants -m 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SUBGRANTS_ENVIRONMENT=production \
    SUBGRANTS_HOST=0.0.0.0 \
    SUBGRANTS_DATA_DIR=/data
WORKDIR /app
USER subgrants
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["subgrants"]
CMD ["serve"]
