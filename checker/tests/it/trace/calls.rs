//! Calls in both directions: into the module, within it, out of it, and back.

use std::collections::BTreeSet;

use checker::host::tracer::Glue;
use checker::model::capi;
use checker::model::protocol::{Reply, Request};
use checker::model::trace::{End, Kind, Register};
use checker::report::style::Ink;
use checker::report::trace;

use crate::trace::{BOUNDS, Traced, remarks, value};

#[test]
fn multiply_is_traced_from_python_to_python() {
    let mut traced = Traced::exercise("ex05c", "solution.asm");
    let (recording, reply) = traced.record("multiply(2, 4)");
    assert_eq!(value(&reply), "8");
    assert_eq!(recording.end, End::Answered);
    let listing = trace::listing(&recording, Ink::Plain);
    for said in [
        "Python, line 1: multiply(2, 4)",
        "calls multiply(module=<module 'multiply'>, args=(2, 4))",
        "rsi = two_integers",
        "calls PyArg_ParseTuple(args=(2, 4), format=\"LL:multiply\", rsp, rsp+8)",
        "gives 1, [rsp] = 2, [rsp+8] = 4",
        "calls PyLong_FromLongLong(value=8)",
        "multiply gives 8",
    ] {
        assert!(listing.contains(said), "{said} is not in\n{listing}");
    }
    assert_eq!(remarks(&recording), Vec::<&str>::new());
    // At the call the stack was aligned, and afterwards only rax says something.
    let back = recording.steps.iter().find(|step| step.k == Kind::Back).expect("it came back");
    assert!(back.u.contains(&Register::Rdi) && !back.u.contains(&Register::Rax));
    let calls: Vec<u8> =
        recording.steps.iter().filter_map(|step| step.call.as_ref()).map(|call| call.rsp).collect();
    assert_eq!(calls, [0, 0]);
}

#[test]
fn an_import_is_traced() {
    let mut traced = Traced::exercise("ex05c", "solution.asm");
    let mut guest = traced.zygote.guest().expect("a guest can be made");
    let request = traced.task.import(&traced.built);
    let (recording, reply) =
        traced.try_record(&mut guest, &request, Glue::Passed, BOUNDS).expect("tracing is allowed");
    assert!(matches!(reply, Ok(Reply::Imported)), "{reply:?}");
    assert_eq!(recording.title, "import multiply");
    let calls: Vec<&str> = recording
        .steps
        .iter()
        .filter_map(|step| step.call.as_ref())
        .map(|call| call.to.as_str())
        .collect();
    assert_eq!(calls, ["PyModule_Create2"]);
    // The guest goes on as if nobody had looked.
    let ask = Request::Ask { source: "__import__('multiply').multiply(6, 7)".to_owned() };
    assert_eq!(value(&guest.ask(&ask, BOUNDS.wall).expect("it is asked")), "42");
}

#[test]
fn recursion_has_its_depth() {
    let (recording, reply) = Traced::exercise("ex04a", "solution.asm").record("fib(3)");
    assert_eq!(value(&reply), "2");
    let deepest = recording.steps.iter().map(|step| step.d).max();
    assert_eq!(deepest, Some(2));
    let calls =
        recording.steps.iter().filter(|step| step.call.as_ref().is_some_and(|call| call.own));
    assert_eq!(calls.count(), 4);
    let last = recording.steps.last().expect("there are steps");
    assert_eq!((last.d, last.back.as_ref().map(|back| back.from.as_str())), (0, Some("fib")));
}

#[test]
fn python_calls_back_in_the_middle_of_a_call() {
    let (recording, reply) =
        Traced::exercise("ex05c", "solution.asm").record("multiply(3, Five())");
    assert_eq!(value(&reply), "15");
    let entered: Vec<(usize, &str)> = recording
        .steps
        .iter()
        .filter_map(|step| Some((step.d, step.enter.as_ref()?.py.first()?.name.as_str())))
        .collect();
    assert_eq!(entered, [(0, "<module>"), (1, "__index__")]);
    // The inner call of PyArg_ParseTuple comes back before the outer one.
    let back = recording.steps.iter().filter(|step| step.k == Kind::Back);
    let parsed: Vec<usize> = back
        .filter(|step| step.back.as_ref().is_some_and(|back| back.from == "PyArg_ParseTuple"))
        .map(|step| step.d)
        .collect();
    assert_eq!(parsed, [1, 0]);
}

#[test]
fn a_callback_is_entered_and_left() {
    let code = "    extern  qsort\n    section .data\nnumbers: dq 3, 1, 2\n    section .text\n\
        compare:\n    mov     rax, [rdi]\n    sub     rax, [rsi]\n    ret\n\
        f:\n    sub     rsp, 8\n    lea     rdi, [numbers]\n    mov     esi, 3\n    mov     edx, 8\n    \
        lea     rcx, [compare]\n    call    qsort wrt ..plt\n    add     rsp, 8\n    \
        mov     rax, [numbers]\n    ret";
    let (recording, reply) = Traced::function(code).record("f()");
    assert_eq!(value(&reply), "1");
    let entered = recording.steps.iter().filter_map(|step| step.enter.as_ref());
    assert!(entered.filter(|enter| enter.to == "compare").count() >= 2);
    let listing = trace::listing(&recording, Ink::Plain);
    let call = "calls qsort(base=numbers, nmemb=3, size=8, compar=compare)";
    assert!(listing.contains(call), "{listing}");
    assert!(listing.contains("[numbers] = 1, [numbers+8] = 2, [numbers+16] = 3"), "{listing}");
}

#[test]
fn faults_of_calls_are_remarked() {
    let cases = [
        ("f:\n    mov     rbx, 42\n    ret", "rbx is 0x2a"),
        ("f:\n    ret     16", "rsp is 16 bytes off"),
        (
            "f:\n    mov     edi, 1\n    call    PyLong_FromLong wrt ..plt\n    ret",
            "rsp is 8 above",
        ),
        (
            "f:\n    sub     rsp, 8\n    mov     edi, 1\n    std\n    \
             call    PyLong_FromLong wrt ..plt\n    cld\n    add     rsp, 8\n    ret",
            "the direction flag is set",
        ),
        ("f:\n    mov     eax, 42", "the learner's code ends"),
        ("f:\n    pushfq\n    or      qword [rsp], 0x100\n    popfq\n    ret", "the trap flag"),
    ];
    for (code, remark) in cases {
        let (recording, _) = Traced::function(code).record("f()");
        let found = remarks(&recording);
        assert!(found.iter().any(|text| text.contains(remark)), "{code}: {found:?}");
    }
}

#[test]
fn prototypes_can_be_read() {
    let mut seen = BTreeSet::new();
    for name in capi::names() {
        assert!(seen.insert(name), "{name} stands there twice");
        assert!(capi::prototype(name).is_some(), "{name}");
    }
    let parse = capi::prototype("PyArg_ParseTuple").expect("it is known");
    assert!(parse.variadic);
    let names: Vec<&str> = parse.parameters.iter().map(|parameter| parameter.name).collect();
    assert_eq!(names, ["args", "format"]);
    let count = |function: &str, format: &str| capi::arguments_of_format(function, format);
    assert_eq!(count("PyArg_ParseTuple", "LL:multiply"), Some(2));
    assert_eq!(count("PyArg_ParseTuple", "O!|s#"), Some(4));
    assert_eq!(count("printf", "%d of 100%% is %s\n"), Some(2));
    assert_eq!(count("strlen", "abc"), None);
}
