from __future__ import annotations

import http.server
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from restante import NotStarted, Refused, Restante, RestanteError, Unreachable, WaitFailed
from sending import send


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Front(http.server.BaseHTTPRequestHandler):
    """Stands before a Restante, below a path, and answers in chunks as proxies do."""

    target = ""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        path = self.path.replace("/mail", "", 1)
        asked = Request(f"{self.target}{path}", self.rfile.read(length) or None, method=self.command)
        with urlopen(asked) as answer:
            body = answer.read()
        self.protocol_version = "HTTP/1.1"
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        for part in (body[:10], body[10:]):
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    do_POST = do_GET  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def front(restante: Restante) -> Iterator[http.server.ThreadingHTTPServer]:
    handler = type("Handler", (Front,), {"target": str(restante._place.base)})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def answering(answer: bytes) -> int:
    """The port of a server that answers its first client so."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server, server.accept()[0] as wire:
            wire.settimeout(5)
            wire.sendall(answer)
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(1000):
                pass

    threading.Thread(target=serve, daemon=True).start()
    port: int = server.getsockname()[1]
    return port


def test_none_answers(face: Any, bare_environment: pytest.MonkeyPatch) -> None:
    url = f"http://localhost:{free_port()}"
    with pytest.raises(Unreachable) as failure:
        face.connect(url)
    assert str(failure.value) == (
        f'No Restante answers at {url}: Connection refused. Start one ("restante"), or say where it is in RESTANTE_URL.'
    )
    bare_environment.setenv("RESTANTE_URL", url)
    for connect in (face.connect, face.connect_or_start):
        with pytest.raises(Unreachable, match=re.escape(url)):
            connect()


def test_a_host_that_does_not_exist(face: Any) -> None:
    with pytest.raises(Unreachable, match=r"No Restante answers at http://nowhere\.invalid:8025: \w+"):
        face.connect("http://nowhere.invalid:8025")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"220 mail.test ESMTP\r\n", "what answers does not speak HTTP (220 mail.test ESMTP)"),
        (b"", "it closed the connection without an answer"),
        (
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
            "is not a Restante (GET /api/v1/info: 404 Not Found)",
        ),
        (b'HTTP/1.1 200 OK\r\n\r\n{"Version": "v1.20"}', "is not a Restante (GET /api/v1/info: 200 OK)"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "the answer broke off"),
        (b"HTTP/1.1 200 OK\r\n\r\n[]", "is not a Restante"),
    ],
)
def test_another_program_answers(face: Any, answer: bytes, said: str) -> None:
    with pytest.raises(Unreachable) as failure:
        face.connect(f"http://127.0.0.1:{answering(answer)}")
    assert said in str(failure.value)
    assert "RESTANTE_URL" in str(failure.value)


def test_a_server_that_does_not_hang_up(face: Any) -> None:
    """An answer of a known length is there when it is there."""
    body = b'{"Cursor": "a-0", "Doors": [{"Kind": "smtp", "Host": "localhost", "Port": 25}]}'
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as wire:
                wire.recv(1000)
                wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                done.wait(20)

        thread = threading.Thread(target=serve)
        thread.start()
        began = time.monotonic()
        smtp = face.connect(f"http://127.0.0.1:{server.getsockname()[1]}").smtp
        assert time.monotonic() - began < 15
        done.set()
        thread.join()
    assert (smtp.host, smtp.port) == ("127.0.0.1", 25)


@pytest.mark.parametrize("url", ["localhost:8025", "ftp://localhost", "http://", "http://a:b", "8025"])
def test_an_address_that_is_none(face: Any, url: str) -> None:
    with pytest.raises(ValueError, match=f"^'{url}' is not the address of a Restante"):
        face.connect(url)


def test_the_running_one_that_the_variable_names(
    restante: Restante, face: Any, bare_environment: pytest.MonkeyPatch
) -> None:
    bare_environment.setenv("RESTANTE_URL", restante.url)
    connected = face.connect_or_start()
    assert connected.smtp == restante.smtp
    mailbox = connected.fresh_mailbox("connected")
    send(mailbox.smtp)
    assert mailbox.wait(subject="Welcome").mailbox == mailbox.name
    connected.close()
    connected.close()
    # It was not started here, so it runs on.
    assert len(mailbox.messages()) == 1


def test_smtp_is_where_the_variable_says(restante: Restante, face: Any, bare_environment: pytest.MonkeyPatch) -> None:
    for said, host, port in (("mail.test:3025", "mail.test", 3025), ("[::1]:25", "::1", 25)):
        bare_environment.setenv("RESTANTE_SMTP_ADDRESS", said)
        smtp = face.connect(restante.url).mailbox("a").smtp
        assert (smtp.host, smtp.port) == (host, port)
        assert smtp.url == f"smtp://a:x@{said}"
    bare_environment.setenv("RESTANTE_SMTP_ADDRESS", "2525")
    with pytest.raises(ValueError, match="write it as host:port"):
        face.connect(restante.url)


def test_below_a_path_and_in_chunks(front: http.server.ThreadingHTTPServer, face: Any) -> None:
    url = f"http://127.0.0.1:{front.server_port}/mail/"
    mailbox = face.connect(url).fresh_mailbox("a")
    assert mailbox.url == f"{url}mailbox/{mailbox.name}/"
    send(mailbox.smtp)
    assert mailbox.wait(subject="Welcome").raw().startswith(b"From")


def test_https(front: http.server.ThreadingHTTPServer, face: Any, tmp_path: Path, monkeypatch: Any) -> None:
    if not shutil.which("openssl"):
        assert os.environ.get("CI") != "true"
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext"
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *made.split(), "subjectAltName=DNS:localhost", *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    front.socket = context.wrap_socket(front.socket, server_side=True)
    url = f"https://localhost:{front.server_port}/mail"
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(Unreachable, match=rf"^No Restante answers at {url}: TLS failed \(self.signed certificate\)"):
        face.connect(url)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mailbox = face.connect(url).fresh_mailbox("a")
    send(mailbox.smtp)
    assert mailbox.wait(subject="Welcome").subject == "Welcome"


def test_one_of_its_own(face: Any, binary: str, bare_environment: pytest.MonkeyPatch) -> None:
    bare_environment.setenv("RESTANTE_BIN", binary)
    # It says where a running one is; here it would be a flag of the program.
    bare_environment.setenv("RESTANTE_SMTP_ADDRESS", "mail.test:3025")
    own = face.connect_or_start()
    try:
        assert own.smtp.host == "127.0.0.1"
        send(own.smtp)
        assert own.wait(subject="Welcome").mailbox == "default"
        with closing(socket.create_connection((own.smtp.host, own.smtp.port))):
            pass
    finally:
        own.close()
    own.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((own.smtp.host, own.smtp.port))
    with pytest.raises(Unreachable, match=r"^This Restante was closed"):
        own.messages()


def test_its_flags(face: Any, binary: str) -> None:
    own = face.start("--smtp", "off", binary=binary)
    try:
        with pytest.raises(RestanteError, match="has no plain SMTP door"):
            _ = own.smtp
        with pytest.raises(RestanteError, match="has no plain SMTP door"):
            _ = face.connect(own.url).smtp
    finally:
        own.close()
    own = face.start("--max-message-size", "100", binary=binary)
    try:
        with pytest.raises(Refused, match=r"413 .*: .*100"):
            own.deliver(b"To: ann@app.test\r\n\r\n" + b"x" * 200)
    finally:
        own.close()


def test_a_program_that_is_missing(face: Any, bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare_environment.setenv("PATH", str(tmp_path))
    with pytest.raises(NotStarted) as failure:
        face.start()
    assert str(failure.value) == (
        'There is no program "restante" on the PATH. Install it, say where it is in RESTANTE_BIN, or start one and say'
        " where it answers in RESTANTE_URL."
    )
    bare_environment.setenv("RESTANTE_BIN", "/nowhere/restante")
    with pytest.raises(NotStarted, match=r"^There is no program /nowhere/restante, which RESTANTE_BIN names\.$"):
        face.start()
    with pytest.raises(NotStarted, match=r"^There is no program /nowhere/else\.$"):
        face.start(binary="/nowhere/else")


def test_a_program_that_ends_at_once(face: Any, binary: str, tmp_path: Path) -> None:
    with pytest.raises(NotStarted) as failure:
        face.start("--smtq", "1", binary=binary)
    assert str(failure.value) == (
        f"{binary} ended before it was ready (exit status 2):\nrestante: --smtq is no flag; did you mean --smtp?"
    )
    script = tmp_path / "restante"
    script.write_text("no program\n")
    script.chmod(0o755)
    with pytest.raises(NotStarted, match="cannot be started: Exec format error"):
        face.start(binary=str(script))


def test_a_program_that_ends_in_the_middle(binary: str) -> None:
    with Restante.start(binary=binary) as own:
        mailbox = own.fresh_mailbox("a")
        with pytest.raises(WaitFailed):
            mailbox.wait(timeout=0)
        assert own._child is not None
        process = own._child._process
        process.send_signal(signal.SIGKILL)
        process.wait()
        with pytest.raises(Unreachable, match=r"^The Restante that was started for these tests has ended \(signal 9\)"):
            mailbox.wait()


def test_what_interrupts_the_tests_does_not_interrupt_it(binary: str) -> None:
    """Ctrl-C is sent to every process of the group; a test that is interrupted may still ask."""
    with Restante.start(binary=binary) as own:
        assert own._child is not None
        assert os.getpgid(own._child._process.pid) != os.getpgid(0)


def test_a_server_that_stops_under_a_wait(binary: str) -> None:
    own = Restante.start(binary=binary)
    assert own._child is not None
    process = own._child._process
    stopped = threading.Timer(0.2, process.terminate)
    stopped.start()
    with pytest.raises(RestanteError, match=r"The server was stopped before a message came|answer"):
        own.wait(timeout=30)
    stopped.join()
    process.wait()
    own.close()


def test_it_ends_with_the_process_that_started_it(binary: str) -> None:
    import sys

    code = "import os, restante; r = restante.Restante.start(); print(r.smtp.port, flush=True); os.kill(os.getpid(), 9)"
    environment = {**os.environ, "RESTANTE_BIN": binary}
    killed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    port = int(killed.stdout)
    # It has noticed as soon as it no longer listens; connecting until then is no error.
    for _ in range(1000):
        try:
            with socket.create_connection(("127.0.0.1", port)) as wire:
                wire.settimeout(5)
                while wire.recv(1000):
                    pass
        except ConnectionError:
            break
    else:
        pytest.fail("it still listens")


def test_a_forked_process_does_not_stop_it(binary: str) -> None:
    import sys

    code = (
        "import os, restante; r = restante.Restante.start(); pid = os.fork()\n"
        "if pid == 0: r.close(); os._exit(0)\n"
        "os.waitpid(pid, 0); r.mailbox('a').none(within=0); print('still there')"
    )
    environment = {**os.environ, "RESTANTE_BIN": binary}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False, text=True)
    assert (ran.stdout, ran.returncode) == ("still there\n", 0), ran.stderr
