#!/bin/sh
# Make .venv with the given Python. Debian without python3-venv has no ensurepip: pip then comes as a pinned wheel.
set -eu
python=$1
pip_url=https://files.pythonhosted.org/packages/44/3c/d717024885424591d5376220b5e836c2d5293ce2011523c9de23ff7bf068/pip-25.3-py3-none-any.whl
pip_sha256=9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "KAM needs Python 3.11 or newer." >&2; exit 1; }
if "$python" -c 'import ensurepip' 2>/dev/null; then
    exec "$python" -m venv .venv
fi
"$python" -m venv --without-pip .venv
.venv/bin/python - "$pip_url" "$pip_sha256" <<'PYTHON'
import hashlib, pathlib, subprocess, sys, tempfile, urllib.request

url, sha256 = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    wheel = pathlib.Path(folder, url.rsplit("/", 1)[1])
    wheel.write_bytes(urllib.request.urlopen(url, timeout=60).read())
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != sha256:
        sys.exit("The downloaded pip is not the pinned one.")
    subprocess.run([sys.executable, f"{wheel}/pip", "install", "--no-index", "--quiet", str(wheel)], check=True)
PYTHON
