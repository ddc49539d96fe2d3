//! Which listings NASM takes, and what an author is told of the others.

use book::{assembly, source};

use crate::fixture::Fixture;

/// What the check says of a page.
fn check(page: &str) -> Vec<String> {
    let fixture = Fixture::with_page(page);
    let (pages, problems) = source::read(&fixture.workbook).unwrap();
    assert_eq!(problems, []);
    let outcome = assembly::check(&fixture.workbook, &pages).unwrap();
    outcome.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_nasm_takes_passes() {
    for page in [
        "```x86asm\n    mov     eax, 42\n    ret\n```",
        "```x86asm\n%include \"numbers.inc\"\n    mov     eax, FORTY_TWO\n```",
        "```x86asm\n{{#include ../../exercises/ex01_registers/a_answer/solution.asm:body}}\n```",
        "```x86asm,fail\n    mov     [rdi], [rsi]\n```",
        "```x86asm,fail,fragment\n    mov     [a], [b]\n```",
        "```c\nnot assembly\n```",
    ] {
        assert_eq!(check(page), Vec::<String>::new(), "{page}");
    }
}

#[test]
fn a_fragment_may_use_names_from_elsewhere() {
    let page = "\
```x86asm,fragment
    call    PyLong_AsLong wrt ..plt
    lea     rdx, [rel table]
    mov     rax, [rdi + position.y]
    mov     ecx, position_size
    jne     .converted
again:
    jmp     .done
```";
    assert_eq!(check(page), Vec::<String>::new());
}

#[test]
fn what_nasm_refuses_names_the_line_of_the_page() {
    for (page, expected) in [
        (
            "# A\n\n```x86asm\n    ret\n    mov     [rdi], 1\n```",
            "book/src/page.md:5: NASM says: operation size not specified",
        ),
        (
            "```x86asm\n    call    elsewhere\n```",
            "book/src/page.md:2: NASM says: symbol `elsewhere' not defined",
        ),
        (
            "```x86asm,fragment\n    ret\n    mov     [a], [b]\n```",
            "book/src/page.md:3: NASM says: invalid combination of opcode and operands",
        ),
        (
            "```x86asm,fail,fragment\n    mov     rax, [b]\n```",
            "book/src/page.md:1: is marked `fail`, and NASM takes it without a warning",
        ),
    ] {
        assert_eq!(check(page), [expected]);
    }
}

#[test]
fn an_included_listing_is_checked_by_its_whole_file() {
    let page = "```x86asm\n{{#include ../../exercises/broken.asm:good}}\n```";
    let fixture = Fixture::with_page(page);
    let text = "; ANCHOR: good\n    ret\n; ANCHOR_END: good\n    mov     [rdi], 1\n";
    fixture.write("exercises/broken.asm", text);
    let (pages, _) = source::read(&fixture.workbook).unwrap();
    let outcome = assembly::check(&fixture.workbook, &pages).unwrap();
    let problems: Vec<String> = outcome.problems.iter().map(ToString::to_string).collect();
    let expected =
        "book/src/page.md:1: exercises/broken.asm:4: NASM says: operation size not specified";
    assert_eq!(problems, [expected]);
}
