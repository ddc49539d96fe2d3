//! References that are leaked, given up without being owned, or returned without being made.

use checker::model::finding::Code;

use crate::faults::{Case, assert_clean, assert_found, method};

/// The names that these programs call.
const NAMES: &str = "PyLong_FromLong, PyNumber_Add, PyList_New, PyList_Append, PyList_SetItem, \
                     PyTuple_SetItem, PyTuple_New, Py_IncRef, Py_DecRef, PyObject_CallFunctionObjArgs, \
                     PyFloat_FromDouble, malloc, free";

fn found(code: Code, words: &[&str], asks: &str, body: &str) {
    assert_found(&Case { code, words, asks, text: method("METH_O", NAMES, body) });
}

#[test]
fn a_new_object_that_nobody_gives_up() {
    found(
        Code::R001,
        &["What PyLong_FromLong gave here", "leaves 1 object behind"],
        ">>> f(1)\n5001\n",
        "f:  push    rbx
    mov     rbx, rsi
    mov     edi, 5                      ; small ints are shared: this one is no loss
    call    PyLong_FromLong wrt ..plt
    mov     edi, 5000
    call    PyLong_FromLong wrt ..plt   ; HERE
    mov     rdi, rbx
    mov     rsi, rax
    call    PyNumber_Add wrt ..plt
    pop     rbx
    ret",
    );
}

#[test]
fn an_item_that_a_list_has_a_reference_of_its_own_to() {
    found(
        Code::R001,
        &["What PyLong_FromLong gave here"],
        ">>> f(0)\n[3000, 4000]\n",
        "f:  push    rbx
    xor     edi, edi
    call    PyList_New wrt ..plt
    mov     rbx, rax
    mov     edi, 3000
    call    PyLong_FromLong wrt ..plt
    push    rax
    sub     rsp, 8
    mov     rdi, rbx
    mov     rsi, rax
    call    PyList_Append wrt ..plt
    mov     rdi, [rsp + 8]
    call    Py_DecRef wrt ..plt         ; this one is given up
    add     rsp, 16
    mov     edi, 4000
    call    PyLong_FromLong wrt ..plt   ; HERE
    mov     rdi, rbx
    mov     rsi, rax
    call    PyList_Append wrt ..plt
    mov     rax, rbx
    pop     rbx
    ret",
    );
}

#[test]
fn a_reference_too_many_to_what_is_returned() {
    found(
        Code::R001,
        &["The reference that Py_IncRef made here"],
        ">>> f(2000)\n7000\n",
        "f:  push    rbx
    mov     edi, 5000
    push    rsi
    sub     rsp, 8
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    pop     rdi
    push    rax
    sub     rsp, 8
    mov     rsi, rax
    call    PyNumber_Add wrt ..plt
    mov     rbx, rax
    add     rsp, 8
    pop     rdi
    call    Py_DecRef wrt ..plt
    mov     rdi, rbx
    call    Py_IncRef wrt ..plt         ; HERE
    mov     rax, rbx
    pop     rbx
    ret",
    );
}

/// CPython keeps floats that were given up, and hands them out again: no memory is taken then.
#[test]
fn a_new_object_out_of_a_free_list() {
    found(
        Code::R001,
        &["What PyFloat_FromDouble gave here"],
        ">>> len([float(n) for n in range(200)])\n200\n>>> f(1)\n5000\n",
        "f:  sub     rsp, 8
    mov     eax, 7
    cvtsi2sd xmm0, eax
    call    PyFloat_FromDouble wrt ..plt ; HERE
    mov     edi, 5000
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret",
    );
}

/// Made in a function that Python calls from within one of the module's, and lost there.
#[test]
fn a_leak_in_a_nested_call() {
    found(
        Code::R001,
        &["What PyList_New gave here"],
        ">>> f(int)\n1\n>>> f(lambda n: f(int) + n)\n2\n",
        "f:  push    rbx
    mov     rbx, rsi
    xor     edi, edi
    call    PyList_New wrt ..plt        ; HERE
    mov     edi, 1
    call    PyLong_FromLong wrt ..plt
    mov     rdi, rbx
    mov     rsi, rax
    xor     edx, edx
    xor     eax, eax
    call    PyObject_CallFunctionObjArgs wrt ..plt
    pop     rbx
    ret",
    );
}

/// What the module keeps from its first call on is no leak, and is not taken for the leak.
#[test]
fn what_is_made_once_is_not_accused() {
    found(
        Code::R001,
        &["What PyLong_FromLong gave here"],
        ">>> f(1)\n5001\n",
        "    section .bss
kept: resq 1
    section .text
f:  push    rbx
    mov     rbx, rsi
    cmp     qword [kept], 0
    jne     .there
    mov     edi, 7000
    call    PyLong_FromLong wrt ..plt
    mov     [kept], rax
.there:
    mov     edi, 5000
    call    PyLong_FromLong wrt ..plt   ; HERE
    mov     rdi, rbx
    mov     rsi, rax
    call    PyNumber_Add wrt ..plt
    pop     rbx
    ret",
    );
}

#[test]
fn a_block_of_memory_that_nobody_frees() {
    found(
        Code::R003,
        &["What malloc gave here"],
        ">>> f(1)\n5000\n",
        "f:  sub     rsp, 8
    mov     edi, 40
    call    malloc wrt ..plt
    mov     rdi, rax
    call    free wrt ..plt
    mov     edi, 4000
    call    malloc wrt ..plt            ; HERE
    mov     edi, 5000
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret",
    );
}

#[test]
fn an_argument_is_given_up() {
    found(
        Code::R002,
        &["argument 1"],
        ">>> f(5000)\n10000\n",
        "f:  push    rbx
    mov     rbx, rsi
    mov     rdi, rsi
    call    PyNumber_Add wrt ..plt
    xchg    rax, rbx
    mov     rdi, rax
    call    Py_DecRef wrt ..plt         ; HERE
    mov     rax, rbx
    pop     rbx
    ret",
    );
}

/// An exception of CPython's, and None: nothing shows of it where they live for ever, and before
/// that nothing either, for a while.
#[test]
fn what_cpython_names_is_given_up() {
    for (variable, load) in [
        ("PyExc_TypeError", "mov     rdi, [rdi]"),
        ("_Py_NoneStruct", "nop"),
        ("PyList_Type", "nop"),
    ] {
        for times in [1, 300] {
            let body = format!(
                "f:  sub     rsp, 8
    mov     rdi, [rel {variable} wrt ..got]
    {load}
    call    Py_DecRef wrt ..plt ; HERE
    mov     edi, 5000
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret"
            );
            assert_found(&Case {
                code: Code::R002,
                words: &["a reference that the module has never made"],
                asks: &format!(
                    ">>> f(1)\n5000\n>>> len([f(1) for n in range({times})])\n{times}\n"
                ),
                text: method("METH_O", &format!("{NAMES}, {variable}"), &body),
            });
        }
    }
}

/// A reference of its own to None, made when the module was, and one that a call has given.
#[test]
fn what_cpython_names_may_be_owned() {
    let code = "    section .bss
kept: resq 1
    section .text
f:  push    rbx
    cmp     qword [kept], 0
    je      .call
    mov     rdi, [kept]
    mov     qword [kept], 0
    push    rsi
    sub     rsp, 8
    call    Py_DecRef wrt ..plt
    add     rsp, 8
    pop     rsi
.call:
    mov     rdi, rsi
    xor     esi, esi
    xor     eax, eax
    call    PyObject_CallFunctionObjArgs wrt ..plt
    mov     rdi, rax
    call    Py_DecRef wrt ..plt
    mov     edi, 5000
    call    PyLong_FromLong wrt ..plt
    pop     rbx
    ret";
    let names = format!("{NAMES}, _Py_NoneStruct");
    let text = method("METH_O", &names, code).replacen(
        "PyInit_example:\n    sub     rsp, 8\n",
        "PyInit_example:\n    sub     rsp, 8\n    mov     rdi, [rel _Py_NoneStruct wrt ..got]\n    \
         mov     [kept], rdi\n    call    Py_IncRef wrt ..plt\n",
        1,
    );
    let asks = ">>> f(lambda: None)\n5000\n>>> f([].clear)\n5000\n";
    assert_clean(asks, &text);
}

#[test]
fn an_argument_is_given_to_a_tuple_that_takes_it_over() {
    found(
        Code::R002,
        &["a value that stands in it"],
        ">>> f(5000)\n(5000,)\n",
        "f:  push    rbx
    push    rsi
    sub     rsp, 8
    mov     edi, 1
    call    PyTuple_New wrt ..plt
    mov     rbx, rax
    mov     rdi, rax
    xor     esi, esi
    mov     rdx, [rsp + 8]
    call    PyTuple_SetItem wrt ..plt   ; HERE
    add     rsp, 16
    mov     rax, rbx
    pop     rbx
    ret",
    );
}

#[test]
fn a_count_that_is_changed_by_hand() {
    found(
        Code::R002,
        &["argument 1"],
        ">>> f(5000)\n1\n",
        "f:  sub     rsp, 8
    dec     qword [rsi]                 ; HERE
    mov     edi, 1
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret",
    );
}

#[test]
fn an_argument_is_returned_as_it_came() {
    found(
        Code::R006,
        &["without making a reference"],
        ">>> f(5000)\n5000\n",
        "f:  cmp     rsi, 0
    jne     .object
    xor     eax, eax
    ret
.object:
    mov     rax, rsi
    ret                                 ; HERE",
    );
}

#[test]
fn what_is_returned_was_given_up() {
    found(
        Code::R005,
        &["freed"],
        ">>> f(1)\n[]\n",
        "f:  push    rbx
    xor     edi, edi
    call    PyList_New wrt ..plt
    mov     rbx, rax
    mov     rdi, rax
    call    Py_DecRef wrt ..plt         ; HERE
    mov     rax, rbx
    pop     rbx
    ret",
    );
}

#[test]
fn a_reference_to_an_argument_that_nobody_needs() {
    found(
        Code::R001,
        &["a value that stands in it", "The reference that Py_IncRef made here"],
        ">>> f(5000)\n1\n",
        "f:  sub     rsp, 8
    mov     rdi, rsi
    call    Py_IncRef wrt ..plt         ; HERE
    mov     edi, 1
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret",
    );
}

/// What is put into a container of the module's own is kept rightly.
#[test]
fn an_argument_in_a_new_list_is_no_leak() {
    let body = "f:  push    rbx
    push    rsi
    sub     rsp, 8
    xor     edi, edi
    call    PyList_New wrt ..plt
    mov     rbx, rax
    mov     rdi, rax
    mov     rsi, [rsp + 8]
    call    PyList_Append wrt ..plt
    add     rsp, 16
    mov     rax, rbx
    pop     rbx
    ret";
    assert_clean(">>> f(5000)\n[5000]\n>>> f('abc')\n['abc']\n", &method("METH_O", NAMES, body));
}
