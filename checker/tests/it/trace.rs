//! The tracer on real modules: what it records, that it records the same twice, how it ends, and
//! that the recording is what the book's page on the format says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use checker::check::{self, Built, Task};
use checker::host::source::Source;
use checker::host::toolchain;
use checker::host::tracer::{self, Bounds, Glue, NotTraced, Subject};
use checker::host::workbook::Workbook;
use checker::host::worker::{Ended, Guest};
use checker::host::zygote::{Layout, Zygote};
use checker::model::capi;
use checker::model::protocol::{Reply, Request};
use checker::model::session;
use checker::model::trace::replay::Moment;
use checker::model::trace::{End, Hex, Kind, Recording, Register, STACK_TOP, Step};
use checker::model::transcript::Answer;
use checker::report::stepper::{Key, Next, Stepper};
use checker::report::style::Ink;
use checker::report::trace;

use crate::support;

const BOUNDS: Bounds =
    Bounds { first: 2000, last: 2000, steps: 100_000, wall: Duration::from_secs(60) };

fn book() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the workbook can be read")
}

/// A module that was built and can be traced.
struct Traced {
    task: Task,
    built: Built,
    text: String,
    zygote: Zygote,
    /// Holds the shared object.
    _folder: tempfile::TempDir,
}

impl Traced {
    /// An exercise's file: `solution.asm`, `traps/rbx_lost.asm`.
    fn exercise(id: &str, file: &str) -> Self {
        let book = book();
        let exercise = book.exercises().find(|exercise| exercise.id.to_string() == id);
        let exercise = exercise.expect("there is such an exercise");
        let text = fs::read_to_string(exercise.folder.join(file)).expect("it can be read");
        Self::build(Task::of(exercise, &book).expect("the task can be read"), text)
    }

    /// The code of one function `long f(void)`, with the glue around it.
    fn function(code: &str) -> Self {
        let text = format!(
            "%include \"workbook.inc\"\n    default rel\nworkbook_module edge\n\
             workbook_function f, long\n    section .text\n{code}\n    \
             section .note.GNU-stack noalloc noexec nowrite progbits\n"
        );
        let task = Task {
            name: "edge".to_owned(),
            module: "edge".to_owned(),
            statements: session::parse("from edge import f\n"),
            expected: Vec::new(),
            api: None,
            patience: Duration::from_secs(20),
            include: book().include(),
        };
        Self::build(task, text)
    }

    fn build(task: Task, text: String) -> Self {
        let (python, _) = support::cpython();
        let mut zygote = Zygote::start_in(
            python,
            &task.preload(),
            toolchain::strictest().layers(),
            Layout::Fixed,
        )
        .expect("the CPython starts");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let source = Source { shown: "test.asm".to_owned(), text: text.clone() };
        let built = check::build(&task, &source, folder.path(), &mut zygote);
        let built = built.expect("the tools work").expect("the file assembles and links");
        Self { task, built, text, zygote, _folder: folder }
    }

    fn import_request(&self) -> Request {
        Request::Import {
            path: self.built.shared.to_string_lossy().into_owned(),
            module: self.task.module.clone(),
        }
    }

    /// A guest in which the session's definitions have run.
    fn guest(&mut self) -> Guest {
        let mut guest = self.zygote.guest().expect("a guest can be made");
        let imported = guest.ask(&self.import_request(), self.task.patience).expect("it is asked");
        assert!(matches!(imported, Ok(Reply::Imported)), "{imported:?}");
        for statement in &self.task.statements {
            if session::is_definition(&statement.source) {
                let request = Request::Ask { source: statement.source.clone() };
                let reply = guest.ask(&request, self.task.patience).expect("it is asked");
                assert!(reply.is_ok(), "{}: {reply:?}", statement.source);
            }
        }
        guest
    }

    fn try_record(
        &self,
        guest: &mut Guest,
        request: &Request,
        glue: Glue,
        bounds: Bounds,
    ) -> Result<(Recording, Result<Reply, Ended>), NotTraced> {
        let file = format!("{}.asm", self.task.name);
        let subject = Subject {
            shared: &self.built.shared,
            facts: &self.built.facts,
            file: &file,
            python: &support::cpython().1,
            glue,
        };
        let mut recorded = tracer::record(guest, request, &subject, bounds)?;
        recorded.0.add_source(&file, &self.text);
        recorded.0.add_python_source(&recorded.0.title.clone(), &[]);
        Ok(recorded)
    }

    /// The recording of a statement in a guest of its own, and the reply.
    fn record(&mut self, statement: &str) -> (Recording, Result<Reply, Ended>) {
        self.record_within(statement, BOUNDS)
    }

    fn record_within(
        &mut self,
        statement: &str,
        bounds: Bounds,
    ) -> (Recording, Result<Reply, Ended>) {
        let mut guest = self.guest();
        let request = Request::Ask { source: statement.to_owned() };
        self.try_record(&mut guest, &request, Glue::Passed, bounds).expect("tracing is allowed")
    }
}

/// The value that Python answered with.
fn value(reply: &Result<Reply, Ended>) -> &str {
    match reply {
        Ok(Reply::Answered(Answer::Value(text))) => text,
        other => panic!("no value: {other:?}"),
    }
}

/// The source lines of the steps that are instructions.
fn lines(recording: &Recording) -> Vec<&str> {
    let ran = recording.steps.iter().filter(|step| step.k == Kind::Instruction);
    ran.map(|step| recording.text(step.f, step.l).unwrap_or("?").trim()).collect()
}

fn remarks(recording: &Recording) -> Vec<&str> {
    recording.steps.iter().flat_map(|step| &step.n).map(String::as_str).collect()
}

fn last_signal(recording: &Recording) -> &Step {
    let found = recording.steps.iter().rev().find(|step| step.k == Kind::Signal);
    found.expect("there was a signal")
}

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
    let request = traced.import_request();
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
fn a_crash_within_a_call_has_its_line_and_pythons() {
    let mut traced = Traced::exercise("ex05c", "traps/values_for_addresses.asm");
    let (recording, reply) = traced.record("multiply(2, 4)");
    assert!(matches!(reply, Err(Ended::Signal(libc::SIGSEGV))), "{reply:?}");
    assert_eq!(recording.end, End::Crashed { signal: libc::SIGSEGV });
    let step = last_signal(&recording);
    let line = recording.text(step.f, step.l).unwrap_or_default();
    assert!(line.contains("call    PyArg_ParseTuple"), "{line}");
    let signal = step.signal.as_ref().expect("it is a signal");
    assert_eq!(signal.address, Some(Hex(0)));
    assert!(signal.within.as_ref().is_some_and(|name| name.starts_with("PyArg_ParseTuple")));
    assert_eq!(signal.py[0].text.as_deref(), Some("multiply(2, 4)"));
}

#[test]
fn the_line_of_each_end() {
    let cases = [
        ("f:\n    xor     eax, eax\n    div     rax ; here\n    ret", libc::SIGFPE),
        ("f:\n    xor     eax, eax\n    mov     rax, [rax + 8] ; here\n    ret", libc::SIGSEGV),
        ("f:\n    ud2 ; here", libc::SIGILL),
        ("f:\n    int3 ; here\n    ret", libc::SIGTRAP),
        ("f:\n    mov     eax, 5\n    jmp     rax ; here", libc::SIGSEGV),
        ("f:\n    push    5\n    ret ; here", libc::SIGSEGV),
        ("f:\n    xor     eax, eax\n    call    rax ; here", libc::SIGSEGV),
        ("f:\n    mov     eax, 42 ; here", libc::SIGILL),
    ];
    for (code, signal) in cases {
        let (recording, reply) = Traced::function(code).record("f()");
        assert!(
            matches!(reply, Err(Ended::Signal(number)) if number == signal),
            "{code}: {reply:?}"
        );
        let step = last_signal(&recording);
        let line = recording.text(step.f, step.l).unwrap_or_default();
        assert!(line.ends_with("; here"), "{code}: {line}");
    }
}

#[test]
fn a_crash_shows_its_instruction_and_what_that_works_with() {
    let cases = [
        (
            "f:\n    mov     eax, 7\n    cqo\n    xor     esi, esi\n    idiv    rsi",
            "idiv rsi",
            "rsi = 0, rax = 7, rdx = 0; SIGFPE: a division by zero",
        ),
        (
            "f:\n    mov     rcx, -1 << 32\n    mov     eax, -7\n    cdq\n    idiv    ecx",
            "idiv ecx",
            "ecx = 0, eax = -7, edx = -1; SIGFPE",
        ),
        (
            "f:\n    mov     eax, 0x105\n    mov     bh, 0\n    div     bh",
            "div bh",
            "bh = 0, ax = 261; SIGFPE",
        ),
        (
            "f:\n    cqo\n    idiv    qword [n]\n    section .data\nn:  dq 0\n    section .text",
            "idiv qword [n]",
            "[n] is 0; SIGFPE",
        ),
        (
            "f:\n    mov     edi, 8\n    mov     eax, 3\n    mov     [rdi + 8], eax",
            "mov [rdi + 8], eax",
            "rdi = 8, eax = 3; SIGSEGV: ",
        ),
        (
            "    extern  PyErr_Clear\nf:\n    sub     rsp, 8\n    call    PyErr_Clear wrt ..plt\n    \
          mov     rax, [rdx]",
            "mov rax, [rdx]",
            "rdx is left over from a call; SIGSEGV",
        ),
        ("f:\n    int3", "int3", "SIGTRAP: "),
        (
            "%macro bad 1\n    mov     %1, [%1]\n%endmacro\nf:\n    xor     eax, eax\n    bad     rax",
            "mov rax, [rax]",
            "rax = 0; SIGSEGV: ",
        ),
    ];
    for (code, instruction, says) in cases {
        let (recording, _) = Traced::function(code).record("f()");
        let listing = trace::listing(&recording, Ink::Plain);
        let row = listing.lines().find(|row| row.contains("SIG")).unwrap_or_default();
        let place = format!("edge.asm:{}", last_signal(&recording).l);
        assert!(row.starts_with(&place) && row.contains(instruction), "{listing}");
        assert!(row.contains(&format!(" {says}")), "{listing}");
        // The same in the stepper, which stands at the instruction before.
        let mut stepper = Stepper::new(&recording);
        stepper.press(Key::Last);
        let screen = stepper.draw(200, 30, Ink::Plain).join("\n");
        assert!(screen.contains(&format!("{instruction} : ")) && screen.contains(says), "{screen}");
        stepper.press(Key::Backward);
        let screen = stepper.draw(200, 30, Ink::Plain);
        let line = last_signal(&recording).l.to_string();
        let next = screen.iter().find(|row| row.contains('>')).map(String::as_str);
        assert!(next.is_some_and(|row| row.contains(&line)), "{screen:#?}");
    }
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
fn the_trap_flag_stays_out_of_sight() {
    let (recording, reply) =
        Traced::function("f:\n    pushfq\n    pop     rax\n    and     eax, 0x100\n    ret")
            .record("f()");
    assert_eq!((value(&reply), remarks(&recording)), ("0", Vec::new()));
}

/// One step each, whichever way an instruction goes on and whatever it reads.
#[test]
fn every_way_on_is_one_step() {
    let cases = [
        // A jump that is taken and one that is not, both ways.
        (
            "f:\n    mov     ecx, 2\n.next:\n    dec     ecx\n    jnz     .next\n    \
          mov     eax, 7\n    ret",
            "7",
            7,
        ),
        (
            "f:\n    xor     ecx, ecx\n    jrcxz   .zero\n    ud2\n.zero:\n    mov     cl, 2\n\
          .next:\n    loop    .next\n    mov     eax, 7\n    ret",
            "7",
            7,
        ),
        // Back to an entry, where there is a breakpoint of its own.
        (
            "f:\n    inc     dword [n]\n    cmp     dword [n], 3\n    jne     f\n    \
          mov     eax, [n]\n    ret\n    section .data\nn:  dd 0\n    section .text",
            "3",
            11,
        ),
        // A repeated instruction at an entry is one step there too.
        (
            "f:\n    lea     rdi, [rsp - 64]\n    mov     ecx, 3\n    lea     rdx, [rel fill]\n\
          fill:\n    rep     stosb\n    mov     eax, 7\n    ret",
            "7",
            6,
        ),
        // Targets that only the CPU knows.
        (
            "f:\n    lea     rax, [rel .there]\n    jmp     rax\n    ud2\n.there:\n    \
          lea     rdx, [rel .leaf]\n    call    rdx\n    ret\n.leaf:\n    mov     eax, 7\n    \
          ret",
            "7",
            7,
        ),
        (
            "f:\n    push    5\n    call    .leaf\n    ret\n.leaf:\n    mov     eax, 7\n    \
          ret     8",
            "7",
            5,
        ),
        // What it reads is the first byte of the next instruction, that of `ret`.
        ("f:\n    movzx   eax, byte [rel .next]\n.next:\n    ret", "195", 2),
        (
            "f:\n    lea     rsi, [rel f]\n    add     rsi, .next - f\n    lodsb\n.next:\n    \
          movzx   eax, al\n    ret",
            "15",
            5,
        ),
    ];
    for (code, answer, count) in cases {
        let (recording, reply) = Traced::function(code).record("f()");
        assert_eq!((value(&reply), recording.count), (answer, count), "{code}");
        assert_eq!(remarks(&recording), Vec::<&str>::new(), "{code}");
    }
    let stopped = Bounds { steps: 50, ..BOUNDS };
    let (recording, _) = Traced::function("f:\n    jmp     $").record_within("f()", stopped);
    assert_eq!((&recording.end, recording.count), (&End::TooLong, 50));
}

#[test]
fn undefined_flags_are_masked() {
    let (recording, _) =
        Traced::function("f:\n    mov     eax, 3\n    mul     rax\n    ret").record("f()");
    let mul = recording.steps.iter().position(|step| step.uf.is_some()).expect("mul has some");
    let moment = Moment::after(&recording, mul + 1);
    let flag = |name: &str| {
        let found = checker::model::trace::FLAGS.iter().find(|(flag, _)| *flag == name);
        moment.flag(found.expect("it is a flag").1)
    };
    assert_eq!(
        (flag("CF"), flag("OF"), flag("ZF"), flag("SF")),
        (Some(false), Some(false), None, None)
    );
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
fn what_was_there_before_a_store_is_said_so() {
    let code = "f:\n    mov     ecx, 2\n    add     [n], rcx\n    cmp     qword [n], 9\n    \
        lea     rdi, [rel n]\n    neg     dword [rdi]\n    mov     eax, 1\n    ret\n    \
        section .data\nn:  dq 5\n    section .text";
    let (recording, _) = Traced::function(code).record("f()");
    let listing = trace::listing(&recording, Ink::Plain);
    for said in ["[n] = 7, [n] was 5", "[n] is 7", "dword [n] = 4294967289, dword [n] was 7"] {
        assert!(listing.contains(said), "{said} is not in\n{listing}");
    }
}

#[test]
fn macros_includes_and_repeated_instructions_are_steps() {
    let code = "%macro twice 1\n    add     %1, %1\n%endmacro\nf:\n    mov     eax, 5\n    \
        twice   eax\n    lea     rdi, [rsp - 64]\n    mov     ecx, 40\n    rep     stosb\n    \
        mov     rax, rcx\n    ret";
    let mut traced = Traced::function(code);
    let (recording, reply) = traced.record("f()");
    assert_eq!(value(&reply), "0");
    assert_eq!(
        lines(&recording),
        [
            "mov     eax, 5",
            "add     %1, %1",
            "lea     rdi, [rsp - 64]",
            "mov     ecx, 40",
            "rep     stosb",
            "mov     rax, rcx",
            "ret",
        ]
    );
    assert!(trace::listing(&recording, Ink::Plain).contains("add eax, eax"));
    // With the glue, which is another file.
    let mut guest = traced.guest();
    let request = Request::Ask { source: "f()".to_owned() };
    let recorded = traced.try_record(&mut guest, &request, Glue::Stepped, BOUNDS);
    let (recording, _) = recorded.expect("tracing is allowed");
    let names: Vec<&str> = recording.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["edge.asm", "workbook.inc"]);
    assert!(recording.steps.iter().filter(|step| step.f == 1).count() > 50);
}

#[test]
fn long_loops_are_bounded() {
    let code = "f:\n    mov     ecx, 30000\n.next:\n    push    rcx\n    pop     rax\n    \
        dec     ecx\n    jnz     .next\n    mov     eax, 42\n    ret";
    let few = Bounds { first: 50, last: 20, ..BOUNDS };
    // To its end, with a gap in the middle.
    let mut traced = Traced::function(&code.replace("30000", "1000"));
    let (recording, reply) = traced.record_within("f()", few);
    assert_eq!((value(&reply), &recording.end), ("42", &End::Answered));
    assert_eq!(recording.count, 4003);
    assert_eq!(recording.steps.len(), 50 + 1 + 20);
    let gap = &recording.steps[50];
    // The entry is a step, and no instruction.
    assert_eq!((gap.k, gap.skipped), (Kind::Gap, Some(4003 - 49 - 20)));
    // Across the gap the state is right: rcx was pushed last as 1, and is 0 now.
    let last = Moment::after(&recording, recording.steps.len() - 2);
    assert_eq!(last.get(Register::Rcx), Some(0));
    assert_eq!(last.word(STACK_TOP - 16), Some(1));
    // And one that takes too many steps.
    let stopped = Bounds { steps: 500, ..few };
    let (recording, reply) = Traced::function(code).record_within("f()", stopped);
    assert_eq!((&recording.end, recording.count), (&End::TooLong, 500));
    assert!(matches!(reply, Err(Ended::TimedOut)), "{reply:?}");
}

#[test]
fn a_call_that_never_comes_back_ends_in_time() {
    let code = "    extern  pause\nf:\n    sub     rsp, 8\n    call    pause wrt ..plt\n    \
        add     rsp, 8\n    ret";
    let short = Bounds { wall: Duration::from_secs(1), ..BOUNDS };
    let (recording, reply) = Traced::function(code).record_within("f()", short);
    assert!(matches!(reply, Err(Ended::TimedOut)), "{reply:?}");
    assert_eq!(recording.end, End::TimedOut);
    let last = recording.steps.last().and_then(|step| step.call.as_ref());
    assert_eq!(last.map(|call| call.to.as_str()), Some("pause"));
}

#[test]
fn exit_ends_the_recording() {
    let code = "    extern  exit\nf:\n    sub     rsp, 8\n    mov     edi, 3\n    \
        call    exit wrt ..plt";
    let (recording, reply) = Traced::function(code).record("f()");
    assert!(matches!(reply, Err(Ended::Exited(3))), "{reply:?}");
    assert_eq!(recording.end, End::Exited { status: 3 });
}

#[test]
fn recordings_are_the_same_in_every_run() {
    let json = |traced: &mut Traced, statement: &str| {
        let (recording, _) = traced.record(statement);
        serde_json::to_string(&recording).expect("it is plain data")
    };
    let statement = "multiply(3, Five())";
    let one = json(&mut Traced::exercise("ex05c", "solution.asm"), statement);
    let other = json(&mut Traced::exercise("ex05c", "solution.asm"), statement);
    // Where the system refuses a fixed layout, addresses of Python's heap differ.
    if nix::sys::personality::get().is_ok() {
        assert_eq!(one, other);
    }
    let read: Recording = serde_json::from_str(&one).expect("it can be read back");
    assert_eq!(serde_json::to_string(&read).expect("it is plain data"), one);
}

#[test]
fn where_tracing_is_refused_the_guest_can_still_be_asked() {
    let mut traced = Traced::exercise("ex05c", "solution.asm");
    let mut guest = traced.guest();
    // Somebody else is its tracer already.
    nix::sys::ptrace::seize(guest.pid(), nix::sys::ptrace::Options::empty())
        .expect("tracing is allowed");
    let request = Request::Ask { source: "multiply(2, 4)".to_owned() };
    let refused = traced.try_record(&mut guest, &request, Glue::Passed, BOUNDS);
    assert!(matches!(refused, Err(NotTraced::Refused(_))), "{refused:?}");
    assert!(tracer::is_allowed(&guest).is_err());
    assert_eq!(value(&guest.ask(&request, BOUNDS.wall).expect("it is asked")), "8");
}

/// The names of the fields that the page on the format describes: the first cell of each row of
/// its tables.
fn documented() -> BTreeSet<String> {
    let page = book().root.join("book/src/appendix/trace_format.md");
    let page = fs::read_to_string(page).expect("the page can be read");
    // The last table lists the values of a field.
    let (page, _) = page.split_once("## The end").expect("the page has that section");
    let cells = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(name, _)| name.to_owned()).collect()
}

/// The keys of every object in the value, but for those whose keys are addresses or registers.
fn keys(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, member) in members {
                found.insert(key.clone());
                match key.as_str() {
                    "r" | "x" | "o" | "names" => {}
                    "code" => {
                        let instructions = member.as_object().expect("it is an object");
                        instructions.values().for_each(|one| keys(one, found));
                    }
                    _ => keys(member, found),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn recordings_are_as_the_page_says() {
    let mut recordings = vec![
        Traced::exercise("ex05c", "solution.asm").record("multiply(2**62, Five())").0,
        Traced::exercise("ex05c", "traps/values_for_addresses.asm").record("multiply(2, 4)").0,
        Traced::function("f:\n    xor     eax, eax\n    div     rax").record("f()").0,
        Traced::exercise("ex04a", "solution.asm")
            .record_within("fib(9)", Bounds { first: 30, last: 30, ..BOUNDS })
            .0,
        Traced::function("    extern  PyErr_Clear\nf:\n    std\n    call    g\n    ret\ng:\n    jmp     PyErr_Clear wrt ..plt")
            .record("f()")
            .0,
        {
            let mut traced = Traced::function("f:\n    ret");
            let mut guest = traced.guest();
            let request = Request::Ask { source: "f()".to_owned() };
            let recorded = traced.try_record(&mut guest, &request, Glue::Stepped, BOUNDS);
            recorded.expect("tracing is allowed").0
        },
        Traced::function(
            "f:\n    cvtsi2sd xmm0, rsp\n    mov     byte [rsp - 1], 5\n    \
             mov     byte [rsp - 1], 5\n    ret",
        )
        .record("f()")
        .0,
    ];
    recordings[0].answer = Some("OverflowError".to_owned());
    let mut found = BTreeSet::new();
    for recording in &recordings {
        assert!(recording.steps.first().is_some_and(|step| step.k == Kind::Enter));
        // Every instruction is in `code`, at the line that its step has.
        let mut moment = Moment::first(recording);
        for step in &recording.steps {
            if step.k == Kind::Instruction {
                let rip = moment.get(Register::Rip).expect("rip is always known");
                let code = recording.code.get(&Hex(rip)).expect("what ran is in code");
                assert_eq!((code.l, code.f), (step.l, step.f));
            }
            moment.apply(recording, step);
        }
        let json = serde_json::to_value(recording).expect("it is plain data");
        keys(&json, &mut found);
    }
    assert_eq!(found, documented());
}

#[test]
fn the_stepper_goes_both_ways_and_to_changes() {
    let (recording, _) = Traced::exercise("ex05c", "solution.asm").record("multiply(2, 4)");
    let mut stepper = Stepper::new(&recording);
    let typed = |stepper: &mut Stepper<'_>, text: &str| {
        for c in text.chars() {
            stepper.press(Key::Character(c));
        }
        stepper.press(Key::Confirm);
    };
    let last = recording.steps.len();
    stepper.press(Key::Forward);
    stepper.press(Key::Character('n'));
    assert_eq!(stepper.at(), 3);
    stepper.press(Key::Backward);
    assert_eq!(stepper.at(), 2);
    stepper.press(Key::Last);
    stepper.press(Key::Forward);
    assert_eq!(stepper.at(), last);
    // rax got its last value when PyLong_FromLongLong came back.
    typed(&mut stepper, "rrax");
    let step = &recording.steps[stepper.at() - 1];
    assert_eq!(step.back.as_ref().map(|back| back.from.as_str()), Some("PyLong_FromLongLong"));
    // A place on the stack, and the step that filled it.
    typed(&mut stepper, "wrsp+8");
    stepper.press(Key::Character('['));
    let step = &recording.steps[stepper.at() - 1];
    assert_eq!(step.back.as_ref().map(|back| back.from.as_str()), Some("PyArg_ParseTuple"));
    assert!(stepper.draw(80, 24, Ink::Plain).iter().any(|row| row.contains("watch rsp+8 = 4")));
    stepper.press(Key::First);
    typed(&mut stepper, "/imul");
    assert!(
        recording
            .text(0, recording.steps[stepper.at() - 1].l)
            .is_some_and(|line| line.contains("imul"))
    );
    assert_eq!(stepper.press(Key::Character('q')), Next::Quit);
}

#[test]
fn the_stepper_follows_variables() {
    // A label that is no part of a register's name, and one of four bytes before another.
    let code = "f:\n    mov     eax, [c]\n    inc     dword [c]\n    inc     dword [c]\n    \
        mov     dword [d], 9\n    ret\n    section .data\nc:  dd 5\nd:  dd 0\n    section .text";
    let (recording, _) = Traced::function(code).record("f()");
    let mut stepper = Stepper::new(&recording);
    let screen = |stepper: &Stepper<'_>| stepper.draw(80, 24, Ink::Plain).join("\n");
    stepper.press(Key::Backward);
    assert!(screen(&stepper).contains("this is the first step"));
    for c in "wc".chars() {
        stepper.press(Key::Character(c));
    }
    stepper.press(Key::Confirm);
    let mut at = Vec::new();
    for watched in ["c = 6, since step 3, until step 4", "c = 7, since step 4, to the end"] {
        stepper.press(Key::Character(']'));
        assert!(screen(&stepper).contains(&format!("watch {watched}")), "{}", screen(&stepper));
        at.push(stepper.at());
    }
    stepper.press(Key::Character(']'));
    assert!(screen(&stepper).contains("c does not change any more"));
    stepper.press(Key::Character('['));
    stepper.press(Key::Character('['));
    // What the first step read was there before.
    assert!(screen(&stepper).contains("c has not changed before"));
    assert_eq!(at, [3, 4]);
    stepper.press(Key::Character('?'));
    assert!(screen(&stepper).contains("q, Esc, Ctrl-C: quit"));
}

#[test]
fn the_steppers_screen_fits_its_terminal() {
    let (recording, _) = Traced::exercise("ex05c", "solution.asm").record("multiply(3, Five())");
    for (width, height) in [(80, 24), (200, 60), (60, 20), (40, 10), (20, 5)] {
        let mut stepper = Stepper::new(&recording);
        for _ in 0..recording.steps.len() {
            let rows = stepper.draw(width, height, Ink::Plain);
            assert!(rows.len() <= height, "{width}x{height}: {} rows", rows.len());
            let widest = rows.iter().map(|row| row.chars().count()).max();
            assert!(widest <= Some(width), "{width}x{height}: {rows:#?}");
            let bottom = rows.last().expect("there are rows");
            assert!(bottom.starts_with("n next  p back"), "{width}x{height}: {rows:#?}");
            stepper.press(Key::Forward);
        }
    }
}

#[test]
fn the_command_writes_a_listing_or_a_recording() {
    let book = book();
    let exercise = book.exercises().find(|exercise| exercise.id.to_string() == "ex05c");
    let solution = exercise.expect("there is such an exercise").solution();
    let run = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("checker").expect("it was built");
        let python = support::cpython().0.as_os_str();
        command.current_dir(&book.root).args(["trace", "ex05c"]).args(arguments);
        command.arg("--file").arg(&solution).arg("--python").arg(python);
        String::from_utf8(command.assert().success().get_output().stdout.clone())
            .expect("it writes text")
    };
    let listing = run(&["multiply(6, 7)"]);
    assert!(listing.contains("multiply gives 42"), "{listing}");
    assert!(listing.ends_with("Python's answer: 42\n"), "{listing}");
    let recording: Recording =
        serde_json::from_str(&run(&["import", "--json"])).expect("it is a recording");
    assert_eq!((recording.v, recording.title.as_str()), (1, "import multiply"));
    // Without a statement, the first question of the session.
    assert!(run(&[]).starts_with("multiply(2, 4)   CPython "));
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
