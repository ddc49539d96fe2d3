//! Texts that do not end in a zero byte, whatever stands behind them today.

use checker::model::finding::Code;

use crate::faults::{Case, assert_clean, assert_found, method};

#[track_caller]
fn found(words: &[&str], flags: &str, names: &str, asks: &str, code: &str) {
    let text = method(flags, names, code);
    assert_found(&Case { code: Code::V012, words, asks, text });
}

/// A function that gives the text of the label `text` to a function that makes an object of it.
fn hands_over(function: &str, data: &str) -> String {
    format!(
        "f:  sub     rsp, 8
    lea     rdi, [text]
    mov     esi, 5
    xor     eax, eax
    call    {function} wrt ..plt
    add     rsp, 8
    ret
{data}
    section .text"
    )
}

#[test]
fn a_text_at_the_end_of_its_section() {
    for section in [".rodata", ".data"] {
        for function in
            ["PyUnicode_FromString", "PyUnicode_FromFormat", "PyUnicode_InternFromString"]
        {
            let data = format!("    section {section}\ntext: db \"hello\" ; HERE");
            let code = hands_over(function, &data);
            let given = format!("{function} is given it at line 27");
            found(
                &["`text` is taken for a text", &given],
                "METH_NOARGS",
                function,
                ">>> f()\n'hello'\n",
                &code,
            );
        }
    }
}

/// Variables of `.bss` hold what was put there.
#[test]
fn a_buffer_that_is_filled_to_its_end() {
    let code = "f:  sub     rsp, 8
    lea     rdi, [text]
    mov     rax, 'eight ch'
    mov     [rdi], rax
    call    PyUnicode_FromString wrt ..plt
    add     rsp, 8
    ret
    section .bss
text: resb 8 ; HERE
    section .text";
    found(
        &["`text` is taken"],
        "METH_NOARGS",
        "PyUnicode_FromString",
        ">>> f()\n'eight ch'\n",
        code,
    );
}

/// A format is a text, and the call that goes wrong is the text's to explain.
#[test]
fn a_format_without_its_end() {
    let code = "    section .bss
n:  resq 1
    section .text
f:  sub     rsp, 8
    mov     rdi, rsi
    lea     rsi, [f.format]
    lea     rdx, [n]
    xor     eax, eax
    call    PyArg_ParseTuple wrt ..plt
    mov     rdi, [n]
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret
    section .data
.format db \"l\" ; HERE
    section .text";
    let words = &["`f.format` is taken", "PyArg_ParseTuple is given it at line"];
    found(words, "METH_VARARGS", "PyArg_ParseTuple, PyLong_FromLong", ">>> f(5)\n5\n", code);
}

#[test]
fn a_name_in_a_table() {
    let answer = "f:  sub     rsp, 8\n    mov     edi, 5\n    \
        call    PyLong_FromLong wrt ..plt\n    add     rsp, 8\n    ret";
    let text = method("METH_NOARGS", "PyLong_FromLong", answer);
    let names = "example_name: db \"example\", 0\nf_name: db \"f\", 0\n";
    assert!(text.contains(names));
    for ends in [
        "example_name: db \"example\", 0\nf_name: db \"f\" ; HERE\n",
        "f_name: db \"f\", 0\nexample_name: db \"example\" ; HERE\n",
        "f_name: db \"f\", 0\nexample_name: db \"example\", 0\nother: db \"other\"\n",
    ] {
        let text = text.replacen(names, ends, 1);
        match ends.contains("HERE") {
            true => assert_found(&Case {
                code: Code::V012,
                words: &["A table of the module has its address"],
                asks: ">>> f()\n5\n",
                text,
            }),
            // Nobody takes it for a text.
            false => assert_clean(">>> f()\n5\n", &text),
        }
    }
}

#[test]
fn a_text_that_runs_on_into_the_next() {
    let data = "    section .rodata\ntext: db \"hello\" ; HERE\nother: db \"world\", 0";
    let code = hands_over("PyUnicode_FromString", data);
    let words = &["runs on into `other`", "has both in one: helloworld"];
    found(words, "METH_NOARGS", "PyUnicode_FromString", ">>> f()\n'hello'\n", &code);
}

/// Two labels in one text, a length instead of an end, and a zero that comes while it runs.
#[test]
fn a_text_that_is_right_in_another_way() {
    let whole = "    section .rodata\ntext: db \"hello, \"\n.name: db \"world\", 0";
    let code = hands_over("PyUnicode_FromString", whole);
    let text = method("METH_NOARGS", "PyUnicode_FromString", &code);
    assert_clean(">>> f()\n'hello, world'\n", &text);
    let long = "    section .rodata\ntext: db \"hello\"";
    for (function, answer) in
        [("PyUnicode_FromStringAndSize", "'hello'"), ("PyBytes_FromStringAndSize", "b'hello'")]
    {
        let code = hands_over(function, long);
        let text = method("METH_NOARGS", function, &code);
        assert_clean(&format!(">>> f()\n{answer}\n"), &text);
    }
    let code = "f:  sub     rsp, 8
    lea     rdi, [text]
    mov     dword [rdi], 'two'
    call    PyUnicode_FromString wrt ..plt
    add     rsp, 8
    ret
    section .data
text: times 4 db ' '
    section .text";
    assert_clean(">>> f()\n'two'\n", &method("METH_NOARGS", "PyUnicode_FromString", code));
}
