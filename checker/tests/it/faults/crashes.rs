//! How a process ends: each kind of end has its finding, at the line that led there.

use checker::model::finding::Code;

use crate::faults::{Case, assert_found, method, plain, with_names};

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
