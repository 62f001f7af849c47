"""A file of order lines, sent to a running installation as a person's script would send it."""

import json
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from tests.running import Installation

COLUMNS = {
    "order": "Order",
    "date": "Date",
    "account": "Customer",
    "offering": "Article",
    "quantity": "Qty",
    "unit_price": "Price",
}


def write_orders(file: Path, lines: int) -> Path:
    """Write ``lines`` order lines of 500 customers."""
    rows = (
        f"O{n // 4},2026-0{n % 9 + 1}-1{n % 9},C{n % 500},A{n % 40},{n % 7 + 1},{n % 90 + 1}.25"
        for n in range(lines)
    )
    file.write_text("\n".join(["Order,Date,Customer,Article,Qty,Price", *rows]))
    return file


def leader_key(system: Installation) -> str:
    """Create a sales leader and return an API key of hers."""
    mail = "dana@example.com"
    system.manage("create_user", mail, "--role", "leader", "--password-stdin", send="correct horse 12\n")
    return system.manage("create_api_key", mail, "--scopes", "all").strip()


def upload(system: Installation, key: str, file: Path) -> str:
    """POST the file as a browser's form would; return the id of its job."""
    mark = uuid.uuid4().hex
    fields = {"kind": "sales", "source": "erp", "options": json.dumps({"date_order": "ymd"})}
    fields |= {f"map.{name}": column for name, column in COLUMNS.items()}
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in fields.items()
    ]
    disposition = 'Content-Disposition: form-data; name="file"; filename="orders.csv"'
    head = f"--{mark}\r\n{disposition}\r\nContent-Type: text/csv\r\n\r\n"
    body = b"".join([*parts, head.encode(), file.read_bytes(), f"\r\n--{mark}--\r\n".encode()])
    headers = {"Authorization": f"Bearer {key}", "Content-Type": f"multipart/form-data; boundary={mark}"}
    request = urllib.request.Request(f"{system.base}/api/v1/imports/", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(json.load(answer)["job"])


def state(system: Installation, key: str, job: str) -> dict:
    """Return the job, or a state of its own while nobody answers; a refusal is raised."""
    try:
        return system.get(f"/api/v1/jobs/{job}/", key)
    except urllib.error.HTTPError as answer:
        if answer.code < 500:
            raise
    except OSError:
        pass
    return {"state": "unreachable", "progress": 0}


def stored_lines(system: Installation) -> int:
    code = "from accounts.models import SalesLine; print('lines', SalesLine.objects.count())"
    return int(system.manage("shell", "-c", code).rsplit("lines ", 1)[1])
