//! Writes past the end of an object or a block of memory, at the line that does it.

use checker::model::finding::Code;

use crate::faults::{Case, assert_found, method, with_names};

/// CPython looks when the block comes back, and the line that did it is another.
#[test]
fn an_object_that_is_written_past_its_end() {
    for (writes, says) in [
        ("mov     byte [rax + 633], 7", "ends 1 byte past the end"),
        ("mov     dword [rax + 631], 7", "ends 2 bytes past the end"),
        ("mov     byte [rax - 1], 7", "begins 1 byte before"),
    ] {
        with_names(
            Code::R004,
            &["past the end of an object", says],
            "PyBytes_FromStringAndSize, Py_DecRef, PyLong_FromLong",
            &format!(
                "f:  push    rbx
    xor     edi, edi
    mov     esi, 600
    call    PyBytes_FromStringAndSize wrt ..plt
    mov     rbx, rax
    {writes} ; HERE
    mov     rdi, rbx
    call    Py_DecRef wrt ..plt
    mov     edi, 3
    call    PyLong_FromLong wrt ..plt
    pop     rbx
    ret"
            ),
        );
    }
}

/// By a function of the C library, by one instruction for all, and by a loop.
#[test]
fn a_block_that_is_overrun() {
    for fills in [
        "mov     rdi, rax\n    mov     esi, 42\n    mov     edx, 102\n    \
         call    memset wrt ..plt ; HERE",
        "mov     rdi, rax\n    mov     al, 42\n    mov     ecx, 102\n    rep     stosb ; HERE",
        "lea     rcx, [rax + 102]\n.next:\n    mov     byte [rax], 42 ; HERE\n    inc     rax\n    \
         cmp     rax, rcx\n    jne     .next",
    ] {
        with_names(
            Code::R004,
            &["What this writes ends 2 bytes past the end"],
            "PyMem_Malloc, PyMem_Free, memset, PyLong_FromLong",
            &format!(
                "f:  push    rbx
    mov     edi, 100
    call    PyMem_Malloc wrt ..plt
    mov     rbx, rax
    {fills}
    mov     rdi, rbx
    call    PyMem_Free wrt ..plt
    mov     edi, 3
    call    PyLong_FromLong wrt ..plt
    pop     rbx
    ret"
            ),
        );
    }
}

/// The object is made by one statement, overrun by the next, and given up by the third.
#[test]
fn an_object_that_was_overrun_before() {
    let body = "f:  sub     rsp, 8
    mov     rdi, rsi
    call    PyByteArray_AsString wrt ..plt
    mov     rcx, '********'
    mov     [rax], rcx
    mov     [rax + 8], rcx ; HERE
    mov     edi, 3
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret";
    let text = method("METH_O", "PyByteArray_AsString, PyLong_FromLong", body);
    let words = &["`del array` has written", "ends 4 bytes past the end"];
    let asks = ">>> array = bytearray(11)\n>>> f(array)\n3\n>>> del array\n";
    assert_found(&Case { code: Code::R004, words, asks, text });
}

#[test]
fn a_block_that_was_never_given_out() {
    with_names(
        Code::C005,
        &["the C library stopped the process", "free(): invalid pointer"],
        "free",
        "f:  sub     rsp, 8\n    lea     rdi, [rsp + 1]\n    call    free wrt ..plt ; HERE\n    add     rsp, 8\n    ret",
    );
}
