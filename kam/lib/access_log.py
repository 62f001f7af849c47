"""What gunicorn writes: one JSON line a request, with its id and without the secrets that addresses hold."""

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # states no types

from kam.lib.logs import formatter


class AccessLogger(Logger):  # type: ignore[misc]  # a base without types
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.access_log.handlers, *self.error_log.handlers):
            handler.setFormatter(formatter())

    def access(self, resp: Any, req: Any, environ: Any, request_time: timedelta) -> None:
        """Leave the query out: it holds what people search for."""
        if not self.access_log_enabled:
            return
        said = {name.lower(): value for name, value in resp.headers}
        line = {
            "method": req.method,
            "path": req.path,
            "status": int(resp.status_code),
            "seconds": round(request_time.total_seconds(), 4),
            "request_id": said.get("x-request-id", ""),
        }
        self.access_log.info("request", extra=line)
