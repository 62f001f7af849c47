# One image for web, worker, beat and migrate; it runs as nobody special and writes only to /data.
FROM python:3.13-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 KAM_DATA_DIR=/data STATIC_ROOT=/app/staticfiles
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN KAM_DATA_DIR=/tmp/build SECRET_KEY=only-for-the-build python manage.py collectstatic --noinput -v 0 \
    && useradd --uid 10001 --no-create-home kam && mkdir /data && chown kam /data
USER kam
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "kam.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--logger-class", "kam.lib.access_log.AccessLogger", "--access-logfile", "-"]
