//! A crash inside a function that the module calls: at the call, with the argument that led there.

use checker::model::finding::Code;

use crate::faults::with_names;

#[test]
fn an_argument_that_would_crash_cpython_is_named_at_the_call() {
    with_names(
        Code::V011,
        &["rdi is NULL at the call to PyTuple_Size"],
        "PyTuple_Size, PyLong_FromLong",
        "f:  sub     rsp, 8
    mov     edi, 3
    call    PyLong_FromLong wrt ..plt
    xor     edi, edi
    call    PyTuple_Size wrt ..plt      ; HERE
    add     rsp, 8
    ret",
    );
}

/// Through the offset table, and with an argument that is not the first.
#[test]
fn a_crash_in_the_c_library_names_the_call() {
    with_names(
        Code::C001,
        &["inside memcpy"],
        "memcpy",
        "f:  sub     rsp, 4104
    mov     rdi, rsp
    mov     esi, 16
    mov     edx, 4096
    call    [memcpy wrt ..got]          ; HERE
    add     rsp, 4104
    ret",
    );
}

/// What a format takes for an address is in the registers behind it.
#[test]
fn a_number_where_a_format_takes_a_text() {
    for (format, loads, says) in [
        ("%d of %s", "mov     edx, 1\n    mov     ecx, 7", "At the call, rcx was 7, a number and"),
        ("%5d%%%R", "mov     edx, 4\n    mov     ecx, 9", "rcx was 9, a number and"),
        ("%s", "mov     rdx, 0x7ff8bad0bad0bad0", "rdx was 0x7ff8bad0bad0bad0: junk"),
    ] {
        with_names(
            Code::C001,
            &["inside PyErr_Format", says],
            "PyErr_Format, PyExc_ValueError",
            &format!(
                "    section .rodata
format: db \"{format}\", 0
    section .text
f:  sub     rsp, 8
    mov     rdi, [PyExc_ValueError wrt ..got]
    mov     rdi, [rdi]
    lea     rsi, [format]
    {loads}
    xor     eax, eax
    call    PyErr_Format wrt ..plt ; HERE
    add     rsp, 8
    ret"
            ),
        );
    }
}

#[test]
fn a_count_below_zero() {
    with_names(
        Code::C001,
        &[
            "inside memcpy",
            "rsi was 16",
            "rdx was -5, which without a sign is 18446744073709551611",
        ],
        "memcpy",
        "f:  sub     rsp, 72
    mov     rdi, rsp
    mov     esi, 16
    mov     rdx, -5
    call    memcpy wrt ..plt ; HERE
    add     rsp, 72
    ret",
    );
}

/// Widths and precisions are arguments too, and doubles are in other registers.
#[test]
fn a_number_where_printf_takes_a_text() {
    with_names(
        Code::C001,
        &["inside snprintf", "At the call, r9 was 5, a number and no address."],
        "snprintf",
        "    section .rodata
format: db \"%.*f%*s\", 0
    section .text
f:  sub     rsp, 72
    mov     rdi, rsp
    mov     esi, 64
    lea     rdx, [format]
    mov     ecx, 2
    mov     r8d, 3
    mov     r9d, 5
    xorps   xmm0, xmm0
    mov     eax, 1
    call    snprintf wrt ..plt ; HERE
    xor     eax, eax
    add     rsp, 72
    ret",
    );
}

/// The content of a variable where its address belongs.
#[test]
fn a_place_that_cannot_be_written() {
    with_names(
        Code::C014,
        &["inside PyArg_Parse", "rdx was an address that may not be used in this way"],
        "PyArg_Parse",
        "    section .rodata
format: db \"l\", 0
    section .text
f:  sub     rsp, 8
    mov     rdi, rsi
    lea     rsi, [format]
    lea     rdx, [f]
    xor     eax, eax
    call    PyArg_Parse wrt ..plt ; HERE
    add     rsp, 8
    ret",
    );
}
