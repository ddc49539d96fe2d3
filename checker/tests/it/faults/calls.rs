//! What calls out of the module are given, and where they find their way back.

use checker::model::finding::Code;

use crate::faults::{Case, assert_clean, assert_found, function, method};

#[test]
fn an_argument_that_is_no_object_has_its_line() {
    for (given, says) in [
        ("xor     edi, edi", "rdi is NULL at the call to PyNumber_Negative"),
        ("mov     edi, 42", "rdi is 42 at the call"),
        ("mov     rdi, [rel PyExc_TypeError wrt ..got]", "rdi is the address of no object"),
        ("mov     edi, 0x12345678", "rdi is the address of no object"),
    ] {
        let body = format!(
            "f:  sub     rsp, 8\n    {given}\n    call    PyNumber_Negative wrt ..plt ; HERE\n    \
            add     rsp, 8\n    ret"
        );
        assert_found(&Case {
            code: Code::V011,
            words: &[says],
            asks: ">>> f(1)\n-1\n",
            text: method("METH_O", "PyNumber_Negative, PyExc_TypeError", &body),
        });
    }
}

#[test]
fn null_may_stand_where_the_c_api_takes_it() {
    let body = "f:  push    rsi\n    xor     edi, edi\n    call    Py_DecRef wrt ..plt\n    \
        mov     rdi, [rsp]\n    xor     esi, esi\n    xor     edx, edx\n    \
        call    PyObject_Call wrt ..plt\n    pop     rcx\n    ret";
    // PyObject_Call wants a tuple, and NULL only for the keywords.
    assert_found(&Case {
        code: Code::V011,
        words: &["rsi is NULL at the call to PyObject_Call"],
        asks: ">>> f(int)\n0\n",
        text: method("METH_O", "PyObject_Call, Py_DecRef", body).replacen(
            "PyObject_Call wrt ..plt",
            "PyObject_Call wrt ..plt ; HERE",
            1,
        ),
    });
    let body = "f:  sub     rsp, 8\n    mov     rdi, rsi\n    xor     esi, esi\n    \
        call    PyObject_CallObject wrt ..plt\n    add     rsp, 8\n    ret";
    assert_clean(">>> f(int)\n0\n", &method("METH_O", "PyObject_CallObject", body));
}

/// Most of the C API hands on a failure: NULL in, NULL out, and the exception stays.
#[test]
fn a_failure_may_be_handed_on() {
    let body = "f:  sub     rsp, 8\n    mov     rdi, rsi\n    call    PyNumber_Long wrt ..plt\n    \
        mov     rdi, rax\n    call    PyNumber_Negative wrt ..plt\n    add     rsp, 8\n    ret";
    let text = method("METH_O", "PyNumber_Long, PyNumber_Negative", body);
    assert_clean(">>> f('a')\nValueError\n", &text);
}

#[test]
fn a_freed_object_is_known_at_the_call() {
    let body = |call: &str| {
        format!(
            "f:  push    rbx\n    mov     rdi, rsi\n    call    PySequence_List wrt ..plt\n    \
            mov     rbx, rax\n    mov     rdi, rax\n    call    Py_DecRef wrt ..plt\n    \
            mov     rdi, rbx\n    call    {call} wrt ..plt ; HERE\n    \
            mov     edi, 1000\n    call    PyLong_FromLong wrt ..plt\n    pop     rbx\n    ret"
        )
    };
    let names = "PySequence_List, Py_DecRef, PyList_Size, PyLong_FromLong";
    for (call, code) in [("PyList_Size", Code::R007), ("Py_DecRef", Code::R002)] {
        assert_found(&Case {
            code,
            words: &[call, "freed already"],
            asks: ">>> f('abc')\n1000\n",
            text: method("METH_O", names, &body(call)),
        });
    }
}

#[test]
fn al_counts_at_most_eight_registers() {
    let body = |al: &str| {
        format!(
            "f:  sub     rsp, 8\n    lea     rdi, [rel f_name]\n    {al}\n    \
            call    PyUnicode_FromFormat wrt ..plt ; HERE\n    add     rsp, 8\n    ret"
        )
    };
    for (al, words) in
        [("mov     al, 9", "al is 9 at the call to PyUnicode_FromFormat"), ("nop", "al is 208")]
    {
        assert_found(&Case {
            code: Code::A007,
            words: &[words],
            asks: ">>> f()\n'f'\n",
            text: method("METH_NOARGS", "PyUnicode_FromFormat", &body(al)),
        });
    }
    for al in ["xor     eax, eax", "mov     al, 8"] {
        let text = method("METH_NOARGS", "PyUnicode_FromFormat", &body(al));
        assert_clean(">>> f()\n'f'\n", &text);
    }
}

/// The format says how many of the arguments are doubles.
#[test]
fn al_counts_the_doubles_of_a_format() {
    let body = |al: &str, format: &str| {
        format!(
            "    section .rodata
format: db \"{format}\", 0
one: dq 1.0
    section .bss
text: resb 100
    section .text
f:  sub     rsp, 8
    lea     rdi, [text]
    mov     esi, 100
    lea     rdx, [format]
    mov     ecx, 7
    movsd   xmm0, [one]
    movsd   xmm1, [one]
    {al}
    call    snprintf wrt ..plt ; HERE
    lea     rdi, [text]
    call    PyUnicode_FromString wrt ..plt
    add     rsp, 8
    ret"
        )
    };
    let names = "snprintf, PyUnicode_FromString";
    for (al, format, words) in [
        ("xor     eax, eax", "%5.2f", "al is 0 at the call to snprintf, whose format has a double"),
        ("mov     eax, 1", "%%%d %lf %+e", "al is 1 at the call to snprintf, whose format has 2"),
    ] {
        let text = method("METH_NOARGS", names, &body(al, format));
        assert_found(&Case { code: Code::A007, words: &[words], asks: ">>> f()\n'x'\n", text });
    }
    for (al, format, answer) in [
        ("mov     eax, 2", "%d %.1f %.1lf", "7 1.0 1.0"),
        ("mov     eax, 8", "%.1f", "1.0"),
        ("xor     eax, eax", "100%% %d", "100% 7"),
    ] {
        let text = method("METH_NOARGS", names, &body(al, format));
        assert_clean(&format!(">>> f()\n'{answer}'\n"), &text);
    }
}

/// The flags of the method say what rsi is.
#[test]
fn a_tuple_is_wanted_where_an_array_is_given() {
    let body = "    section .rodata
format: db \"l\", 0
    section .bss
n:  resq 1
    section .text
f:  sub     rsp, 8
    mov     rdi, rsi
    lea     rsi, [format]
    lea     rdx, [n]
    xor     eax, eax
    call    PyArg_ParseTuple wrt ..plt ; HERE
    mov     rdi, [n]
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret";
    assert_found(&Case {
        code: Code::V011,
        words: &["METH_FASTCALL gives the address of an array", "which flags"],
        asks: ">>> f(3)\n3\n",
        text: method("METH_FASTCALL", "PyArg_ParseTuple, PyLong_FromLong", body),
    });
}

/// The stack may be so wrong that not even the guard's own words are aligned.
#[test]
fn a_stack_off_by_four_is_a_finding_and_no_crash_of_ours() {
    let body = "f:  sub     rsp, 12\n    mov     rdi, rsi\n    \
        call    PyNumber_Negative wrt ..plt ; HERE\n    add     rsp, 12\n    ret";
    assert_found(&Case {
        code: Code::A004,
        words: &["rsp is 12 more than a multiple of 16"],
        asks: ">>> f(1)\n-1\n",
        text: method("METH_O", "PyNumber_Negative", body),
    });
}

#[test]
fn a_local_call_that_misaligns_the_stack_is_named_and_not_its_victim() {
    let text = "f:  sub     rsp, 16\n    call    sum ; HERE\n    add     rsp, 16\n    ret\n\
        sum:\n    movaps  [rsp - 24], xmm0\n    mov     eax, 3\n    ret";
    assert_found(&Case {
        code: Code::A004,
        words: &["rsp is 8 more than a multiple of 16 at the call to sum", "counts on it"],
        asks: ">>> f()\n3\n",
        text: function("long", text),
    });
    // Nobody counts on it: a local call may be as it likes.
    let text = "f:  call    sum\n    ret\nsum:\n    mov     eax, 3\n    ret";
    assert_clean(">>> f()\n3\n", &function("long", text));
}

#[test]
fn an_instruction_that_wants_an_aligned_address_says_so() {
    for (name, size) in [("movaps  xmm0,", 16), ("addpd   xmm0,", 16), ("vmovaps ymm0,", 32)] {
        let text = format!(
            "    section .data\n    align 32\n    db 1\npair: dq 1, 2, 3, 4\n    section .text\n\
            f:  {name} [rel pair] ; HERE\n    mov     eax, 3\n    ret"
        );
        assert_found(&Case {
            code: Code::C017,
            words: &[&format!("is a multiple of {size}, and gets one that is 1 more")],
            asks: ">>> f()\n3\n",
            text: function("long", &text),
        });
    }
    let text = "    section .data\n    align 32\n    db 1\npair: dq 1, 2, 3, 4\n    section .text\n\
        f:  movups  xmm0, [rel pair]\n    vaddpd  ymm0, ymm0, [rel pair]\n    vzeroupper\n    \
        mov     eax, 3\n    ret";
    assert_clean(">>> f()\n3\n", &function("long", text));
}

#[test]
fn the_way_back_of_a_call_may_not_be_written_over() {
    let body = "f:  sub     rsp, 8\n    mov     rdi, rsi\n    lea     rsi, [rel f_name.l]\n    \
        lea     rdx, [rsp - 8]\n    xor     eax, eax\n    \
        call    PyArg_ParseTuple wrt ..plt ; HERE\n    xor     eax, eax\n    add     rsp, 8\n    ret\n\
        section .rodata\nf_name.l: db \"L\", 0\n    section .text";
    assert_found(&Case {
        code: Code::C012,
        words: &["the `ret` of PyArg_ParseTuple", "rdx was the address 8 bytes below rsp"],
        asks: ">>> f(10**17)\n1\n",
        text: method("METH_VARARGS", "PyArg_ParseTuple", body),
    });
}

#[test]
fn x87_registers_are_given_back_empty() {
    assert_found(&Case {
        code: Code::A008,
        words: &["f returns with 2 x87 registers in use"],
        asks: ">>> f()\n3\n",
        text: function("long", "f:  fld1\n    fldpi\n    mov     eax, 3\n    ret ; HERE"),
    });
    assert_found(&Case {
        code: Code::A008,
        words: &["emms"],
        asks: ">>> f(3)\n3\n",
        text: function("long, long", "f:  movq    mm0, rdi\n    movq    rax, mm0\n    ret ; HERE"),
    });
    for code in ["fld1\n    fstp    st0", "movq    mm0, rax\n    emms", "fld1\n    fninit"] {
        let text = function("long", &format!("f:  {code}\n    mov     eax, 3\n    ret"));
        assert_clean(">>> f()\n3\n", &text);
    }
}

#[test]
fn what_is_given_back_to_the_glue_is_looked_at() {
    assert_found(&Case {
        code: Code::C001,
        words: &["f gives back an address that cannot be read", "rax was 5, a number"],
        asks: ">>> f()\nb'a'\n",
        text: function("bytes(8)", "f:  mov     eax, 5\n    ret ; HERE"),
    });
}

/// The module, or the only argument, where the tuple of arguments belongs.
#[test]
fn an_object_that_is_no_tuple() {
    for (flags, moves) in [("METH_VARARGS", ""), ("METH_O", "mov     rdi, rsi")] {
        let body = format!(
            "    section .rodata
format: db \"l\", 0
    section .bss
n:  resq 1
    section .text
f:  sub     rsp, 8
    {moves}
    lea     rsi, [format]
    lea     rdx, [n]
    xor     eax, eax
    call    PyArg_ParseTuple wrt ..plt  ; HERE
    test    eax, eax
    jz      .out
    mov     rdi, [n]
    call    PyLong_FromLong wrt ..plt
.out:
    add     rsp, 8
    ret"
        );
        let text = method(flags, "PyArg_ParseTuple, PyLong_FromLong", &body);
        let words = &["rdi is an object but no tuple at the call to PyArg_ParseTuple"];
        assert_found(&Case { code: Code::V011, words, asks: ">>> f(3)\n3\n", text });
    }
}
