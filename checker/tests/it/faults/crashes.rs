//! How a process ends: each kind of end has its finding, at the line that led there.

use checker::model::finding::Code;

use crate::faults::{Case, assert_found, function, method};

fn plain(code: Code, words: &[&str], body: &str) {
    let text = function("long, long", body);
    assert_found(&Case { code, words, asks: ">>> f(3)\n3\n", text });
}

fn with_names(code: Code, words: &[&str], names: &str, body: &str) {
    let text = method("METH_O", names, body);
    assert_found(&Case { code, words, asks: ">>> f(3)\n3\n", text });
}

#[test]
fn an_address_that_is_nothing() {
    plain(
        Code::C001,
        &["rcx is 0"],
        "f:  xor     ecx, ecx\n    mov     rax, [rcx + 8] ; HERE\n    ret",
    );
}

#[test]
fn an_address_that_is_a_number() {
    plain(
        Code::C001,
        &["rdi is 3, a number and no address"],
        "f:  mov     rax, 5\n    mov     [rdi], rax ; HERE\n    ret",
    );
}

#[test]
fn an_address_in_a_register_that_nobody_filled() {
    plain(Code::C001, &["nobody has put anything here"], "f:  mov rax, [r11] ; HERE\n    ret");
}

/// Two registers make the address, and both are named.
#[test]
fn an_address_of_two_parts() {
    plain(
        Code::C001,
        &["The address was 0x1018; rax is 0x1000; rdi is 3, a number"],
        "f:  mov     eax, 4096\n    mov     rax, [rax + rdi*8] ; HERE\n    ret",
    );
}

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

#[test]
fn a_loop_without_end() {
    plain(
        Code::C008,
        &["the loop that this jump closes"],
        "f:  xor     eax, eax
.next:
    add     rax, rdi
    cmp     rax, -1
    je      .done
    jmp     .next                       ; HERE
.done:
    ret",
    );
}

#[test]
fn a_call_that_does_not_come_back() {
    let body = "f:  sub     rsp, 8
    mov     rdi, rsi
    xor     esi, esi
    call    PyObject_CallObject wrt ..plt ; HERE
    add     rsp, 8
    ret";
    let text = method("METH_O", "PyObject_CallObject", body);
    let asks = ">>> f(lambda: any(iter(int, 1)))\nTrue\n";
    let words = &["inside the function that this line calls"];
    assert_found(&Case { code: Code::C008, words, asks, text });
}

#[test]
fn a_recursion_without_end() {
    plain(
        Code::C006,
        &["used up the stack"],
        "f:  sub     rsp, 8\n    call    f ; HERE\n    add     rsp, 8\n    ret",
    );
}

#[test]
fn a_push_in_a_loop() {
    plain(Code::C006, &["used up the stack"], "f:  push    rdi ; HERE\n    jmp     f");
}

#[test]
fn a_recursion_through_python() {
    with_names(
        Code::V004,
        &["RecursionError"],
        "PyImport_ImportModule, PyObject_CallMethod, PyObject_Call, Py_DecRef",
        "    section .rodata
module: db \"example\", 0
name: db \"f\", 0
format: db \"O\", 0
    section .text
f:  push    rbx
    mov     rbx, rsi
    lea     rdi, [module]
    call    PyImport_ImportModule wrt ..plt
    push    rax
    sub     rsp, 8
    mov     rdi, rax
    lea     rsi, [name]
    lea     rdx, [format]
    mov     rcx, rbx
    xor     eax, eax
    call    PyObject_CallMethod wrt ..plt
    mov     rbx, rax
    mov     rdi, [rsp + 8]
    call    Py_DecRef wrt ..plt
    mov     rax, rbx
    add     rsp, 16
    pop     rbx
    ret",
    );
}

#[test]
fn the_last_function_has_no_ret() {
    // Nothing comes behind it in the file, and the glue of workbook.inc is not the learner's.
    plain(Code::A005, &["runs on behind the end"], "f:  lea     rax, [rdi] ; HERE");
}

#[test]
fn the_last_function_of_a_module_has_no_ret() {
    let text = method("METH_O", "PyLong_FromLong", "g:  ret");
    let body = "    section .note.GNU-stack";
    let at = text.find(body).expect("it is there");
    let last = "f:  sub     rsp, 8\n    mov     edi, 3\n    call    PyLong_FromLong wrt ..plt\n    \
                add     rsp, 8 ; HERE\n";
    let text = format!("{}{last}{}", &text[..at], &text[at..]);
    assert_found(&Case { code: Code::A005, words: &[], asks: ">>> f(3)\n3\n", text });
}

#[test]
fn a_ret_that_takes_what_was_pushed() {
    plain(
        Code::C012,
        &["`ret` goes to a wrong address"],
        "f:  cmp     rdi, 5
    je      .five
    push    rdi
    mov     eax, 3
    ret                                 ; HERE
.five:
    ret",
    );
}

#[test]
fn a_jump_to_nowhere() {
    plain(Code::C013, &["a wrong address"], "f:  mov     eax, 1000\n    jmp     rax ; HERE");
}

#[test]
fn a_call_of_nothing() {
    plain(
        Code::C013,
        &["a wrong address"],
        "f:  sub     rsp, 8\n    xor     eax, eax\n    call    rax ; HERE\n    add     rsp, 8\n    ret",
    );
}

#[test]
fn a_write_to_constants() {
    plain(
        Code::C014,
        &["at `limit`"],
        "    section .rodata\nlimit: dq 7\n    section .text\nf:  mov     [limit], rdi ; HERE\n    ret",
    );
}

#[test]
fn a_write_to_code() {
    plain(Code::C014, &["in your code, at `f`"], "f:  mov     [f], rdi ; HERE\n    ret");
}

#[test]
fn data_that_is_run() {
    plain(
        Code::C015,
        &["in your data, at `number`"],
        "    section .data\nnumber: dq 0xc3\n    section .text\nf:  lea     rax, [number]\n    \
         sub     rsp, 8\n    call    rax ; HERE\n    add     rsp, 8\n    ret",
    );
}

#[test]
fn a_division_by_zero() {
    plain(
        Code::C003,
        &["The divisor, rcx, is 0"],
        "f:  mov     rax, rdi\n    xor     edx, edx\n    xor     ecx, ecx\n    div     rcx ; HERE\n    ret",
    );
}

#[test]
fn a_division_by_a_zero_in_memory() {
    plain(
        Code::C003,
        &["The divisor is 0: it is what stands in memory"],
        "    section .data\nby: dq 0\n    section .text\nf:  mov     rax, rdi\n    cqo\n    \
         idiv    qword [by] ; HERE\n    ret",
    );
}

#[test]
fn a_quotient_that_does_not_fit() {
    plain(
        Code::C003,
        &["rdx is 0x3", "`xor edx, edx`"],
        "f:  mov     rdx, rdi\n    mov     eax, 1\n    mov     ecx, 2\n    div     rcx ; HERE\n    ret",
    );
}

#[test]
fn a_narrow_quotient_that_does_not_fit() {
    plain(
        Code::C003,
        &["edx is 0x3", "eax is 0x1"],
        "f:  mov     edx, edi\n    mov     eax, 1\n    mov     ecx, 2\n    div     ecx ; HERE\n    ret",
    );
}

#[test]
fn a_division_that_is_narrower_than_its_dividend() {
    plain(
        Code::C003,
        &["rdx continues the sign of rax", "ecx is the lower half of a register"],
        "f:  mov     rax, -(1 << 40)\n    cqo\n    mov     ecx, 1\n    idiv    ecx ; HERE\n    ret",
    );
}

#[test]
fn a_breakpoint() {
    plain(Code::C011, &[], "f:  mov     eax, 3\n    int3 ; HERE\n    ret");
}

#[test]
fn no_instruction() {
    plain(Code::C002, &[], "f:  mov     eax, 3\n    ud2 ; HERE\n    ret");
}

#[test]
fn an_instruction_for_the_kernel() {
    plain(
        Code::C002,
        &["`cli` is an instruction for the kernel only"],
        "f:  mov     eax, 3\n    cli ; HERE\n    ret",
    );
}

#[test]
fn an_unaligned_vector() {
    plain(
        Code::C017,
        &["a multiple of 16", "8 more"],
        "f:  movaps  xmm0, [rsp] ; HERE\n    mov     eax, 3\n    ret",
    );
}

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
fn cpythons_own_checks() {
    with_names(
        Code::C005,
        &["It says:", "the count is wrong"],
        "Py_FatalError",
        "    section .rodata
words: db \"the count is wrong\", 0
    section .text
f:  sub     rsp, 8
    lea     rdi, [words]
    call    Py_FatalError wrt ..plt     ; HERE
    add     rsp, 8
    ret",
    );
}

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

#[test]
fn a_block_that_was_never_given_out() {
    with_names(
        Code::C005,
        &["the C library stopped the process", "free(): invalid pointer"],
        "free",
        "f:  sub     rsp, 8\n    lea     rdi, [rsp + 1]\n    call    free wrt ..plt ; HERE\n    add     rsp, 8\n    ret",
    );
}
