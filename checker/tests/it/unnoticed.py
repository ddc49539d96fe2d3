"""Asks modules their sessions as Python alone would, and compares nothing but results.

Reads a list of modules from standard input, as JSON. Each has a process of its own. Prints a
list of what became of them: whether all answers were right, whether the first one was, and
whether the process came to its end.
"""

import _imp
import json
import os
import resource
import sys
from importlib.machinery import ExtensionFileLoader, ModuleSpec

CPU_SECONDS = 1


def load(name, path):
    spec = ModuleSpec(name, ExtensionFileLoader(name, path), origin=path)
    module = _imp.create_dynamic(spec)
    _imp.exec_dynamic(module)
    sys.modules[name] = module


def answer(source, compare, names):
    try:
        try:
            code = compile(source, "<session>", "eval")
        except SyntaxError:
            exec(source, names)
            return ""
        value = eval(code, names)
        return "" if value is None else repr(value)
    except Exception as error:
        kind = type(error)
        name = kind.__qualname__
        if kind.__module__ not in ("builtins", "__main__"):
            name = kind.__module__ + "." + name
        return f"{name}: {error}" if compare == "message" and str(error) else name


def ask(module):
    """For each statement that has an answer, whether it is the right one."""
    load(module["module"], module["path"])
    names = {"__name__": "__main__"}
    right = []
    for source, compare, expected in module["asked"]:
        same = answer(source, compare, names) == expected
        if expected or not same:
            right.append(same)
    return right


def outcome(module):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        right = ask(module)
        os.write(writer, json.dumps(right).encode())
        sys.exit(0)
    os.close(writer)
    with open(reader) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    right = json.loads(said) if said else []
    return bool(right) and all(right), right[:1] == [True], status == 0


json.dump([outcome(module) for module in json.load(sys.stdin)], sys.stdout)
