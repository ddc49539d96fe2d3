//! Signals in words.

/// The signal's name and what the kernel means by it. Numbers as in Linux' `signal(7)`, x86-64.
pub fn in_words(signal: i32) -> (&'static str, &'static str) {
    match signal {
        4 => ("SIGILL", "the CPU met bytes that are no instruction"),
        5 => ("SIGTRAP", "the CPU met a breakpoint instruction"),
        6 => ("SIGABRT", "CPython or the C library stopped the process on purpose"),
        7 => ("SIGBUS", "the CPU could not reach that memory"),
        8 => ("SIGFPE", "a division by zero, or a quotient too big for its register"),
        9 => ("SIGKILL", "the kernel ended the process"),
        11 => ("SIGSEGV", "the CPU was sent to memory that is not there for it"),
        24 => ("SIGXCPU", "the process used up its time on the CPU"),
        25 => ("SIGXFSZ", "the process wrote more than it may"),
        31 => ("SIGSYS", "a system call that is not allowed here"),
        _ => ("a signal", "the kernel ended the process"),
    }
}
