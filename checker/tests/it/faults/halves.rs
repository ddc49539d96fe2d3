//! Numbers of 64 bits that lose their upper half on the way.

use checker::model::finding::Code;

use crate::faults::{Case, assert_clean, assert_found, function, method, verdicts};

#[test]
fn a_difference_in_a_32_bit_register() {
    let body = "f:  mov     eax, edi
    sub     eax, esi                    ; HERE
    ret";
    let words = &["Here the value still was -38", "the lower half"];
    let text = function("long, long, long", body);
    assert_found(&Case { code: Code::V009, words, asks: ">>> f(2, 40)\n-38\n", text });
}

#[test]
fn an_argument_that_is_cut_before_anything_is_made_of_it() {
    let body = "f:  mov     ecx, 7
    mov     eax, edi                    ; HERE
    imul    rax, rcx
    ret";
    let words = &["This is the first instruction", "4294967299"];
    let text = function("long, long", body);
    // The upper half of the product is gone, and of another one nothing shows.
    assert_found(&Case {
        code: Code::V009,
        words,
        asks: ">>> f(3)\n21\n>>> f(2**32 + 3)\n30064771093\n",
        text,
    });
}

/// The fault of the article's published module: a C long is read with the name of its half.
#[test]
fn a_variable_is_read_by_half() {
    let body = r#"    section .rodata
format: db "ll", 0
    section .bss
a:  resq 1
b:  resq 1
result: resq 1
    section .text
f:  sub     rsp, 8
    mov     rdi, rsi
    lea     rsi, [format]
    lea     rdx, [a]
    lea     rcx, [b]
    xor     eax, eax
    call    PyArg_ParseTuple wrt ..plt
    mov     rax, [a]
    imul    rax, [b]
    mov     [result], rax
    mov     edi, [result]               ; HERE
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret"#;
    let text = method("METH_VARARGS", "PyArg_ParseTuple, PyLong_FromLong", body);
    let words = &["Here the value still was -42"];
    assert_found(&Case {
        code: Code::V009,
        words,
        asks: ">>> f(6, 7)\n42\n>>> f(-6, 7)\n-42\n",
        text,
    });
}

#[test]
fn a_parsed_variable_is_read_by_half() {
    let body = r#"    section .rodata
format: db "il:f", 0
    section .bss
b:  resq 1
a:  resd 1
    section .text
f:  sub     rsp, 8
    mov     rdi, rsi
    lea     rsi, [format]
    lea     rdx, [a]
    lea     rcx, [b]
    xor     eax, eax
    call    PyArg_ParseTuple wrt ..plt
    movsxd  rdi, dword [a]              ; an int, and rightly read as one
    mov     eax, [b]                    ; HERE
    sub     rdi, 1
    add     rdi, rax
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret"#;
    let text = method("METH_VARARGS", "PyArg_ParseTuple, PyLong_FromLong", body);
    let words = &["This is the first instruction", "-7"];
    assert_found(&Case { code: Code::V009, words, asks: ">>> f(0, -7)\n-8\n", text });
}

/// The number was never cut: 32 bits of -1 are another number than 64 of them.
#[test]
fn a_constant_in_a_32_bit_register() {
    let body = "f:  mov     rax, rdi
    test    rdi, rdi
    jns     .done
    mov     eax, -1                     ; HERE
.done:
    ret";
    let words = &["Here the value still was -1", "the lower half"];
    let text = function("long, long", body);
    assert_found(&Case { code: Code::V009, words, asks: ">>> f(2), f(-7)\n(2, -1)\n", text });
}

/// What is read was written by an earlier statement, so only its label says how much there is.
#[test]
fn a_variable_of_an_earlier_call_is_read_by_half() {
    for read in ["mov     eax, [kept]", "movsxd  rax, dword [kept]"] {
        let text = format!(
            "%include \"workbook.inc\"
    default rel
workbook_module example
workbook_function f, void, long
workbook_function g, long
    section .bss
kept: resq 1
    section .text
f:  mov     [kept], rdi
    ret
g:  {read} ; HERE
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
"
        );
        let asks = ">>> from example import g\n>>> f(2**40 + 7)\n>>> g()\n1099511627783\n";
        let words = &["This line reads 4 bytes at `kept`, which has 8"];
        assert_found(&Case { code: Code::V009, words, asks, text });
    }
}

/// The sign is not there, and nothing was cut: neither here, nor where another function rightly
/// keeps the lower half of a number.
#[test]
fn a_half_that_nobody_has_made() {
    let text = "%include \"workbook.inc\"
    default rel
workbook_module example
workbook_function f, long, long
workbook_function g, long, long
    section .text
f:  mov     rax, rdi
    ret
g:  mov     eax, edi
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
";
    let asks = ">>> from example import g\n>>> g(-5)\n4294967291\n>>> f(4294967291)\n-5\n";
    let words = &["gives 4294967291, expected -5"];
    assert_found(&Case { code: Code::V001, words, asks, text: text.to_owned() });
}

/// A wrong number that is not the right one's half is a wrong number.
#[test]
fn another_difference_keeps_its_code() {
    let text = function("long, long", "f:  lea     rax, [rdi + 1]\n    ret");
    for (asks, code) in [(">>> f(3)\n3\n", Code::V001), (">>> f(-1)\n4294967296\n", Code::V001)] {
        for (python, verdict) in verdicts(asks, &text) {
            assert_eq!(verdict.findings.first().map(|one| one.code), Some(code), "{python}");
        }
    }
}

#[test]
fn an_int_in_a_32_bit_register_is_right() {
    let text = function("int, int", "f:  mov     eax, edi\n    neg     eax\n    ret");
    assert_clean(">>> f(5)\n-5\n>>> f(-2)\n2\n", &text);
}

/// One call keeps half of it, and the next one shows that.
#[test]
fn a_variable_is_written_by_half() {
    let text = "%include \"workbook.inc\"
    default rel
workbook_module example
workbook_function f, void, long
workbook_function g, long
    section .bss
kept: resq 1
    section .text
f:  mov     [kept], edi                 ; HERE
    ret
g:  mov     rax, [kept]
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
";
    let asks = ">>> from example import g\n>>> f(-3)\n>>> g()\n-3\n";
    let words = &["Here the value still was -3"];
    assert_found(&Case { code: Code::V009, words, asks, text: text.to_owned() });
}
