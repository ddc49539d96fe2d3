//! Jumps, calls and returns into the middle of an instruction: they explain what comes of them,
//! and are no fault where nothing does.

use checker::model::finding::Code;

use crate::faults::{Case, assert_clean, assert_found, function};

#[track_caller]
fn found(code: Code, words: &[&str], asks: &str, body: &str) {
    assert_found(&Case { code, words, asks, text: function("long, long", body) });
}

#[test]
fn a_label_and_a_byte_more() {
    found(
        Code::C013,
        &[
            "lands 1 byte after the beginning of `add rax, 0x1000`, line 11",
            "has 6 bytes",
            "`f(3)` gives 4099, expected 3",
        ],
        ">>> f(3)\n3\n",
        "f:  mov     eax, 3
    cmp     rdi, 3
    je      .done + 1                   ; HERE
    mov     eax, 7
.done:
    add     rax, 0x1000
    ret",
    );
}

/// Each case has six bytes, and the learner counts eight.
#[test]
fn a_row_of_cases_with_another_stride() {
    found(
        Code::C013,
        &["a jump goes into the middle of an instruction", "lands 2 bytes after", "`mov eax, 200`"],
        ">>> f(0)\n100\n>>> f(1)\n200\n",
        "f:  lea     rcx, [.cases]
    lea     rcx, [rcx + rdi*8]
    jmp     rcx                         ; HERE
.cases:
    mov     eax, 100
    ret
    mov     eax, 200
    ret
    mov     eax, 300
    ret",
    );
}

#[test]
fn a_table_of_distances_from_another_place() {
    found(
        Code::C013,
        &["lands 3 bytes after the beginning of `mov eax, 100`"],
        ">>> f(0)\n100\n",
        "    section .rodata
table: dd f.zero - table + 3, f.one - table + 3
    section .text
f:  lea     rcx, [table]
    movsxd  rax, dword [rcx + rdi*4]
    add     rax, rcx
    jmp     rax                         ; HERE
.zero:
    mov     eax, 100
    ret
.one:
    mov     eax, 200
    ret",
    );
}

#[test]
fn a_call_of_an_address_that_is_off() {
    found(
        Code::C013,
        &["a call goes into the middle", "lands 1 byte after", "`mov rax, [rdi + 0x100]`"],
        ">>> f(3)\n3\n",
        "f:  sub     rsp, 8
    lea     rax, [g + 1]
    call    rax                         ; HERE
    add     rsp, 8
    ret
g:
    mov     rax, [rdi + 0x100]
    ret",
    );
}

#[test]
fn a_return_to_an_address_that_is_off() {
    found(
        Code::C012,
        &["the `ret` goes into the middle", "lands 2 bytes after", "What came of it:"],
        ">>> f(3)\n3\n",
        "f:  lea     rax, [.go + 2]
    push    rax
    ret                                 ; HERE
.go:
    mov     rax, [rdi + 0x100]
    ret",
    );
}

/// What was written by hand into the middle of another instruction may be meant.
#[test]
fn a_trick_that_works_is_no_fault() {
    let body = "f:  mov     rax, rdi
    lea     rcx, [.go + 1]
    jmp     rcx
.go:
    mov     edx, 0xc3c0ff48             ; inc rax, ret
    ret";
    assert_clean(">>> f(3)\n4\n", &function("long, long", body));
}

/// Nothing leads into the middle of an instruction here, and the finding stays what it was.
#[test]
fn a_table_of_jumps_is_not_accused() {
    found(
        Code::V001,
        &["`f(1)` gives 200, expected 201"],
        ">>> f(0)\n100\n>>> f(1)\n201\n",
        "    section .data
table: dq f.zero, f.one
    section .text
f:  lea     rcx, [table]
    jmp     [rcx + rdi*8]
.zero:
    mov     eax, 100
    ret
.one:
    mov     eax, 200
    ret",
    );
}
