//! The rules behind the findings of the calling convention and of the C API.

use crate::model::finding::{Code, Finding};

/// The rule behind a finding of the calling convention's or the C API's, and what to look at.
pub(in crate::check) fn explained(finding: Finding) -> Finding {
    let (rule, hint) = match finding.code {
        Code::A001 => (
            "A function gives rsp back as it found it: every push has its pop, and every `sub rsp` \
             its `add rsp`, on each way out.",
            "count the pushes and pops on the way to each `ret`",
        ),
        Code::A002 => (
            "The System V ABI makes you give back rbx, rbp and r12 to r15 as you found them: your \
             caller keeps values of its own there.",
            "push the register before its first use, and pop it on every way out; or use rcx, rdx, \
             rsi, rdi, r8 to r11, which are yours",
        ),
        Code::A003 => (
            "The System V ABI has the direction flag clear at every call and return. With it set, \
             the C library copies memory backwards.",
            "each `std` needs its `cld`, before any call and before `ret`",
        ),
        Code::A004 => (
            "The System V ABI wants rsp at a multiple of 16 at every call. Your caller's call has \
             pushed 8 bytes, so a function that calls has to move rsp by 8 more, or by 24, 40, …. \
             The C compiler counts on it: a callee with a `movaps` crashes, another one does not.",
            "an odd number of pushes, or `sub rsp, 8`, brings rsp to a multiple of 16",
        ),
        Code::A006 => (
            "The System V ABI makes you give back the x87 control word and the control bits of \
             MXCSR as you found them: they decide how every later calculation rounds.",
            "save it with `stmxcsr` or `fnstcw`, and put it back with `ldmxcsr` or `fldcw`",
        ),
        Code::A007 => (
            "A function with an open number of arguments learns from al how many of them are in \
             vector registers: at most that many, and never more than 8. What al holds otherwise is \
             chance.",
            "`xor eax, eax` right before the call where none of the arguments is a double",
        ),
        Code::A008 => (
            "The System V ABI has the x87 registers empty at every call and return. They are a \
             stack of eight: what is left there makes a later calculation fail, in code that is not \
             yours.",
            "each `fld` or `fild` needs an `fstp`; after mmx registers, `emms`",
        ),
        Code::V005 => (
            "NULL means to CPython that an exception is waiting. Where none is, Python can only \
             raise a SystemError.",
            "which call failed and set no exception? Or did rax happen to be 0?",
        ),
        Code::V006 => (
            "An exception that is set and a result that is returned contradict each other: on some \
             versions the exception shows up many lines later.",
            "after a call that may fail, look at its result, and leave with NULL",
        ),
        Code::V010 => (
            "A method gives Python the address of an object. A number in rax has to be made an \
             object first.",
            "`PyLong_FromLong` makes an int of a C long, and `Py_IncRef` before `_Py_NoneStruct` \
             gives None",
        ),
        Code::V011 => (
            "The C API knows objects by their addresses, and looks into them without asking. NULL, a \
             number, or the place where an object's address is stored is no object.",
            "what is in that register? A result that was not looked at, a number, or an address that \
             has to be followed once more by `[…]`?",
        ),
        Code::R007 => (
            "The object's last reference was given up before this call, and its memory is free.",
            "which `Py_DecRef` comes too early, or was not yours to make?",
        ),
        Code::R002 => (
            "The arguments of a method are borrowed, and so is what some calls give: the reference \
             belongs to somebody else, who gives it up later. One too many, and the object goes \
             while somebody still uses it.",
            "each `Py_DecRef` needs a reference that you got as new, or made by `Py_IncRef`",
        ),
        Code::R005 => (
            "The last reference to the object was given up before it was returned.",
            "which `Py_DecRef` comes between making the object and the `ret`?",
        ),
        Code::R006 => (
            "The caller owns what a method returns, and will give it up. An argument, or None, is \
             only borrowed: returning it takes a reference of its own.",
            "`Py_IncRef` it before the `ret`",
        ),
        Code::V012 => (
            "C knows where a text begins, and no length: it ends at the first zero byte. nasm writes \
             the bytes that you name, and none besides.",
            "`, 0` behind the quoted text",
        ),
        Code::M007 => (
            "CPython reads entries until it meets one whose name is NULL. Without it, CPython goes \
             on into whatever comes next in memory.",
            "end the table with an entry of zeros: 32 bytes",
        ),
        Code::M008 => (
            "A PyMethodDef has 32 bytes: the name, the function, the flags in 4 bytes, 4 bytes of \
             padding, the docstring. A C compiler puts the padding there without being asked, and \
             nasm does not.",
            "`istruc PyMethodDef` of python.inc has the field `.ml_flags_padding`",
        ),
        Code::M009 => (
            "A PyModuleDef has 104 bytes: a head of 40, then the name, the docstring, the size, the \
             methods, the slots and three functions, 8 bytes each.",
            "`istruc PyModuleDef` of python.inc has every field at its place",
        ),
        _ => return finding,
    };
    finding.detail(rule).hint(hint)
}
