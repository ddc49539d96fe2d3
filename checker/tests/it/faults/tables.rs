//! Method tables that are laid out wrong: what they name is guarded all the same.

use checker::model::finding::Code;

use crate::faults::{Case, assert_clean, assert_found, method, verdicts};

#[test]
fn a_function_in_a_table_without_padding_is_guarded() {
    let text = method(
        "METH_O",
        "PyLong_FromLong",
        "f:  xor     ebx, ebx\n    mov     edi, 5\n    \
        sub     rsp, 8\n    call    PyLong_FromLong wrt ..plt\n    add     rsp, 8\n    ret",
    );
    let struc = text.find("    istruc PyMethodDef").expect("it is there");
    let end = struc + text[struc..].find("iend").expect("it is there") + 4;
    let packed = "    dq f_name, f\n    dd METH_O\n    dq f_name";
    let text = format!("{}{packed}{}", &text[..struc], &text[end..]);
    for (python, verdict) in verdicts(">>> f(1)\n5\n", &text) {
        let codes: Vec<Code> = verdict.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::M008, Code::A002], "{python}");
    }
}

const ANSWER: &str = "f:  sub     rsp, 8\n    mov     edi, 5\n    \
    call    PyLong_FromLong wrt ..plt\n    add     rsp, 8\n    ret";

/// A module that answers 5, with something in it replaced.
fn replaced(what: &str, by: &str) -> String {
    let text = method("METH_NOARGS", "PyLong_FromLong", ANSWER);
    assert!(text.contains(what), "{what}");
    text.replacen(what, by, 1)
}

#[test]
fn a_field_of_a_table_that_makes_no_sense_is_named() {
    for (what, by, says) in [
        ("ml_meth, dq f", "ml_meth, dq 0", "entry 1 of the method table `methods`: ml_meth"),
        ("ml_meth, dq f", "ml_meth, dq f_name", "ml_meth, at offset 8, is the address of no code"),
        ("dd METH_NOARGS", "dd 0", "ml_flags, at offset 16"),
        ("dd METH_NOARGS", "dd METH_O | METH_VARARGS", "ml_flags, at offset 16"),
        ("dd METH_NOARGS", "dd METH_NOARGS\n at PyMethodDef.ml_doc, dq 7", "ml_doc, at offset 24"),
    ] {
        let text = replaced(what, by).replacen("methods:", "methods: ; HERE", 1);
        let words = &[says];
        assert_found(&Case { code: Code::M008, words, asks: ">>> f()\n5\n", text });
    }
}

#[test]
fn a_field_of_a_definition_that_makes_no_sense_is_named() {
    let last = "at PyModuleDef.m_methods, dq methods";
    let with = |field: &str| format!("{last}\n at PyModuleDef.{field}, dq f_name");
    for (what, by, says) in [
        ("m_methods, dq methods", "m_methods, dq 77", "m_methods, at offset 64,"),
        (last, &with("m_slots"), "m_slots, at offset 72,"),
        (last, &with("m_free"), "m_free, at offset 96,"),
        (
            "at PyModuleDef.m_methods",
            "at PyModuleDef.m_size, dq f_name\n at PyModuleDef.m_methods",
            "m_size, at offset 56,",
        ),
    ] {
        let text = replaced(what, by).replacen("definition:", "definition: ; HERE", 1);
        let words = &[says];
        assert_found(&Case { code: Code::M009, words, asks: ">>> f()\n5\n", text });
    }
}

#[test]
fn a_number_is_no_definition() {
    for by in ["mov     rdi, [rel definition]", "mov     edi, 1013"] {
        let text = replaced("lea     rdi, [rel definition]", by);
        let text =
            text.replacen("PyModule_Create2 wrt ..plt", "PyModule_Create2 wrt ..plt ; HERE", 1);
        let words = &["PyModule_Create2 is given"];
        assert_found(&Case { code: Code::M009, words, asks: ">>> f()\n5\n", text });
    }
}

/// What comes of a broken table is no second finding.
#[test]
fn a_broken_table_is_one_finding() {
    let text = replaced("    times PyMethodDef_size db 0\n", "    times 8 db 0xff\n");
    for (python, verdict) in verdicts(">>> f()\n5\n", &text) {
        let codes: Vec<Code> = verdict.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::M007], "{python}");
    }
}

#[test]
fn an_address_in_data_needs_its_room() {
    let more = |section: &str, data: &str| {
        let table = format!("    section {section}\ntable: {data} ; HERE\n    section .data\n");
        replaced("    section .data\n", &table)
    };
    for (section, data, says) in [
        (".rodata", "dq f", "`table` holds an address, and `.rodata` is read-only"),
        (".data", "dd f", "`table` has 4 bytes for an address of 8"),
    ] {
        let (text, words) = (more(section, data), &[says]);
        assert_found(&Case { code: Code::L011, words, asks: ">>> f()\n5\n", text });
    }
    assert_clean(">>> f()\n5\n", &more(".rodata", "dd f_name - table"));
}

/// What nobody has is not said to be in CPython, and what is anybody's not to be the file's own.
#[test]
fn a_name_is_reached_as_what_it_is() {
    let load = |name: &str| {
        let text = replaced("f:  sub", &format!("f:  mov     rax, [rel {name}] ; HERE\n    sub"));
        text.replacen("PyModule_Create2, ", &format!("PyModule_Create2, {name}, "), 1)
    };
    let words = &["nobody defines `PyExc_Typerror`", "did you mean `PyExc_TypeError`?"];
    let text = load("PyExc_Typerror");
    assert_found(&Case { code: Code::L003, words, asks: ">>> f()\n5\n", text });
    let (words, text) = (&["reached as if it were in this file"], load("PyExc_TypeError"));
    assert_found(&Case { code: Code::L006, words, asks: ">>> f()\n5\n", text });

    let common = |how: &str| {
        let text = replaced("f:  sub", &format!("f:  {how} ; HERE\n    sub"));
        text.replacen("    section .data\n", "    common  calls 8:8\n    section .data\n", 1)
    };
    let (words, text) = (&["`calls` is common to all"], common("inc     qword [rel calls]"));
    assert_found(&Case { code: Code::L007, words, asks: ">>> f()\n5\n", text });
    assert_clean(">>> f()\n5\n", &common("mov     rax, [rel calls wrt ..got]"));
    // A name that is hidden is the file's own, and a call to it needs no table.
    let hidden = "f:  jmp     f_name.more\n    global  more:function hidden\nmore:\n    sub";
    let text = replaced("f:  sub", hidden).replacen("f_name.more", "more", 1);
    assert_clean(">>> f()\n5\n", &text);
}
