//! How recordings end: crashes with their lines and values, bounds, exits, and where nothing can be
//! traced.

use std::time::Duration;

use checker::host::tracer::{self, Bounds, Glue, NotTraced};
use checker::host::worker::Ended;
use checker::model::protocol::Request;
use checker::model::trace::replay::Moment;
use checker::model::trace::{End, Hex, Kind, Register, STACK_TOP};
use checker::report::stepper::{Key, Stepper};
use checker::report::style::Ink;
use checker::report::trace;

use crate::trace::{BOUNDS, Traced, last_signal, value};

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
