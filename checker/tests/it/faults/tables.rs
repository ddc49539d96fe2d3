//! Method tables that are laid out wrong: what they name is guarded all the same.

use checker::model::finding::Code;

use crate::faults::{method, verdicts};

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
