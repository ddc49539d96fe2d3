//! A process that ends itself, or is ended for what it asks of the kernel.

use checker::model::finding::Code;

use crate::faults::{Case, assert_found, method, plain, with_names};

#[test]
fn a_system_call_that_is_not_allowed() {
    plain(
        Code::C016,
        &["number 141, `setpriority`"],
        "f:  mov     eax, 141
    xor     edi, edi
    xor     esi, esi
    mov     edx, -5
    syscall                             ; HERE
    mov     eax, 3
    ret",
    );
}

#[test]
fn a_system_call_that_the_c_library_makes() {
    with_names(
        Code::C016,
        &["`setpriority`", "inside setpriority"],
        "setpriority",
        "f:  sub     rsp, 8
    xor     edi, edi
    xor     esi, esi
    mov     edx, -5
    call    setpriority wrt ..plt       ; HERE
    add     rsp, 8
    ret",
    );
}

#[test]
fn the_c_librarys_abort() {
    with_names(
        Code::C007,
        &["by abort"],
        "abort",
        "f:  sub     rsp, 8\n    call    abort wrt ..plt ; HERE\n    add     rsp, 8\n    ret",
    );
}

#[test]
fn an_exit() {
    with_names(
        Code::C007,
        &["with status 4"],
        "exit",
        "f:  sub     rsp, 8\n    mov     edi, 4\n    call    exit wrt ..plt ; HERE\n    add     rsp, 8\n    ret",
    );
}

/// As programs end that are no modules; what was called before has nothing to do with it.
#[test]
fn an_exit_by_a_system_call() {
    for (number, name) in [(60, "exit"), (231, "exit_group")] {
        with_names(
            Code::C007,
            &["with status 5", &format!("The system call of this line is `{name}`")],
            "PyLong_FromLong",
            &format!(
                "f:  sub     rsp, 8
    mov     edi, 3
    call    PyLong_FromLong wrt ..plt
    mov     eax, {number}
    mov     edi, 5
    call    .ask
    add     rsp, 8
    ret
.ask:
    syscall                             ; HERE
    ret
.other:
    syscall
    ret"
            ),
        );
    }
}

/// Behind the glue, whose own calls come before it.
#[test]
fn an_exit_by_a_system_call_behind_the_glue() {
    plain(
        Code::C007,
        &["with status 3", "`exit`"],
        "f:  mov     eax, 60\n    syscall ; HERE\n    ret",
    );
}

#[test]
fn an_exit_while_the_module_is_made() {
    let text = method("METH_O", "exit", "f:  ret").replacen(
        "PyInit_example:\n",
        "PyInit_example:\n    mov     eax, 60\n    syscall ; HERE\n",
        1,
    );
    let words = &["the import ended the whole process"];
    assert_found(&Case { code: Code::C007, words, asks: ">>> f(3)\n3\n", text });
}

#[test]
fn an_exit_out_of_python_is_the_calls() {
    with_names(
        Code::C007,
        &["with status 6"],
        "PyRun_SimpleString",
        "    section .rodata
code: db \"import os; os._exit(6)\", 0
    section .text
f:  sub     rsp, 8
    lea     rdi, [code]
    call    PyRun_SimpleString wrt ..plt ; HERE
    add     rsp, 8
    ret",
    );
}

#[test]
fn a_system_call_of_32_bit_programs() {
    for body in [
        "f:  mov     eax, 1\n    mov     ebx, 5\n    int     0x80 ; HERE\n    ret",
        "f:  mov     eax, 39\n    syscall\n    mov     eax, 20\n    int     0x80 ; HERE\n    ret",
    ] {
        plain(Code::C016, &["`int 0x80` is the way of 32-bit programs"], body);
    }
}
