//! Single instructions: that each is one step, and what it is said to change.

use checker::host::tracer::{Bounds, Glue};
use checker::model::protocol::Request;
use checker::model::trace::End;
use checker::model::trace::replay::Moment;
use checker::report::style::Ink;
use checker::report::trace;

use crate::trace::{BOUNDS, Traced, lines, remarks, value};

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
    assert_eq!(names, ["edge.asm", "workbook.inc", "workbook_call.inc"]);
    assert!(recording.steps.iter().filter(|step| step.f == 2).count() > 50);
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
fn the_trap_flag_stays_out_of_sight() {
    let (recording, reply) =
        Traced::function("f:\n    pushfq\n    pop     rax\n    and     eax, 0x100\n    ret")
            .record("f()");
    assert_eq!((value(&reply), remarks(&recording)), ("0", Vec::new()));
}
