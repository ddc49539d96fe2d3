import empty
empty.__name__
empty.__doc__
type(empty).__name__
# nothing but what Python itself gives to every module
[name for name in vars(empty) if not name.startswith("__")]
