"""What a machine lacks, told apart from bugs: errors of Python, of the system and of libraries that nobody foresaw.

Memory runs out anywhere, and so does a disk; neither is nnctl's fault, nor is a name that no system call takes.
"""

import errno
import os

from nnctl.errors import Problem

# What a disk says that is full, read-only, not ours, or broken.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
# How those say it that do not raise MemoryError: the loader of compiled libraries, Python's threads.
_NO_MEMORY = ("Cannot allocate memory", "failed to map segment", "can't start new thread", "not enough memory")
_NO_PATH = ("embedded null", "determine home directory", "surrogates not allowed")


def find_lack(error: BaseException, trains: bool = False) -> Problem | None:
    """What the machine lacks, or a name that it does not take, if that is what an error says; None of any other error.

    Args:
        error: the error.
        trains: whether it has ended a training, which can be resumed.
    """
    if _is_out_of_memory(error):
        error.__traceback__ = error.__context__ = error.__cause__ = None  # its frames hold what took the memory
        hint = "fewer examples, a smaller batch or network, or more memory: `ulimit -v` and containers limit it, too"
        return Problem("out-of-memory", "out of memory: this process may not use more", hint=hint)
    match error:
        case OSError(errno=int()):
            place = "" if error.filename is None else f"{_spell(error.filename)}: "
            told = f"{place}{error.strerror}"
            if error.errno == errno.EFBIG and error.strerror == os.strerror(
                errno.EFBIG
            ):  # not of what nnctl would not read
                return Problem("disk", told, hint="`ulimit -f` or the file system limits how large a file may be")
            if error.errno in _DISK:
                again = "a run that was interrupted by it can be resumed" if trains else "then run the command again"
                return Problem("disk", told, hint=f"free some space there, or make it writable; {again}")
            return Problem("system", told, hint="it may have changed meanwhile, or is of another kind than asked for")
        case UnicodeError():
            return Problem("bad-encoding", _describe_encoding(error), hint="rename it, or save it as UTF-8")
        case ValueError() | RuntimeError() if any(word in str(error) for word in _NO_PATH):
            return Problem(
                "bad-path",
                f"a path cannot be used: {error}",
                hint="a path has no NUL, and `~name` needs a user of that name; `HOME` names the home folder",
            )
    return None


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether it says that there is no more memory; TensorFlow's own error is known by its name: it need not be loaded."""
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    return isinstance(error, (ImportError, OSError, RuntimeError)) and any(word in str(error) for word in _NO_MEMORY)


def _describe_encoding(error: UnicodeError) -> str:
    """Which piece of a text is none in which encoding."""
    match error:
        case UnicodeEncodeError() | UnicodeDecodeError():
            piece = error.object[error.start : error.end][:20]
            return f"{piece!r} is no text in {error.encoding}"
    return f"a text is not encoded as it should be: {error}"


def _spell(name: object) -> str:
    return name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else str(name)
