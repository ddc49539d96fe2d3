//! Accesses that are wider than the variable that they name.

use checker::model::finding::Code;

use crate::faults::{Case, assert_clean, assert_found, function, method};

/// The end of a section is nobody's, whatever the answers are.
#[test]
fn an_access_behind_the_end_of_its_section() {
    for (access, does) in [("mov     rax, [n]", "reads"), ("mov     [n], rax", "writes")] {
        for (section, data) in [(".bss", "resd 1"), (".data", "dd 0"), (".data", "db 1, 2, 3")] {
            let text = format!(
                "    section {section}\nm:  times 8 {}\nn:  {data}\n    section .text\n\
                f:  xor     eax, eax\n    {access} ; HERE\n    mov     eax, 3\n    ret",
                if section == ".bss" { "resb 1" } else { "db 0" }
            );
            assert_found(&Case {
                code: Code::V013,
                words: &[&format!("this {does} 8 bytes at `n`, which has"), "Its section ends"],
                asks: ">>> f()\n3\n",
                text: function("long", &text),
            });
        }
    }
}

fn parses(format: &str, variables: &str) -> String {
    let code = format!(
        "    section .rodata
format: db \"{format}\", 0
    section .bss
{variables}
    section .text
f:  sub     rsp, 8
    mov     rdi, rsi
    lea     rsi, [format]
    lea     rdx, [a]
    lea     rcx, [b]
    xor     eax, eax
    call    PyArg_ParseTuple wrt ..plt ; HERE
    movsxd  rdi, dword [b]
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret"
    );
    method("METH_VARARGS", "PyArg_ParseTuple, PyLong_FromLong", &code)
}

#[test]
fn a_variable_that_a_format_fills() {
    for (format, variables, words) in [
        ("il", "a: resd 1\nb: resd 1", "`l` in the format fills 8 bytes, and `b` has 4"),
        ("Oi:f", "a: resd 1\nb: resd 1", "`O` in the format fills 8 bytes, and `a` has 4"),
        ("|li", "b: resd 1\na: resb 4", "`l` in the format fills 8 bytes, and `a` has 4"),
    ] {
        let text = parses(format, variables);
        assert_found(&Case { code: Code::V013, words: &[words], asks: ">>> f(1, 4)\n4\n", text });
    }
    for (format, variables) in [
        ("ii", "a: resd 1\nb: resd 1"),
        ("li", "a: resd 1\n.high: resd 1\nb: resd 1"),
        ("b|i:f", "a: resb 1\nb: resd 1"),
    ] {
        let text = parses(format, variables).replace(" ; HERE", "");
        assert_clean(">>> f(1, 4)\n4\n", &text);
    }
}

/// Two variables at once may be meant: only a wrong answer is worth a word.
#[test]
fn an_access_that_takes_in_the_next_variable() {
    let body = "    section .bss
n:  resd 1
m:  resd 1
    section .text
f:  mov     dword [m], 7
    mov     [n], edi
    mov     rax, [n] ; HERE
    ret";
    assert_found(&Case {
        code: Code::V001,
        words: &["This line reads 8 bytes at `n`, which has 4. The others are those of `m`"],
        asks: ">>> f(3)\n3\n",
        text: function("long, long", body),
    });
    let body = "    section .bss
low: resd 1
high: resd 1
    section .data
pair: dd 1
.second: dd 2
    section .text
f:  mov     [low], rdi
    mov     eax, [high]
    shl     rax, 32
    mov     ecx, [low]
    or      rax, rcx
    mov     rcx, [pair]
    ret";
    assert_clean(">>> f(3)\n3\n>>> f(-7)\n-7\n", &function("long, long", body));
}

/// Vectors are loaded in whole, whatever of them is used.
#[test]
fn a_vector_may_be_wider_than_what_it_is_for() {
    let body = "    section .data
v:  dd 1, 2, 3
    section .text
f:  movups  xmm0, [v]
    movd    eax, xmm0
    ret";
    assert_clean(">>> f()\n1\n", &function("long", body));
}
