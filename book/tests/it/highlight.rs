//! Colored code: what is what, and that nothing is lost on the way.

use book::highlight::{Language, html, words_of_nasm};

#[test]
fn nasm() {
    for (code, expected) in [
        ("    mov     rax, [rdi + 8]", "    [m:mov]     [r:rax], [[r:rdi] + [n:8]]"),
        (".done:  ret ; back", "[l:.done]:  [m:ret] [c:; back]"),
        ("    jne     .converted", "    [m:jne]     [l:.converted]"),
        ("name:   db \"a;b\", 0", "[l:name]:   [d:db] [s:\"a;b\"], [n:0]"),
        ("SIZE    equ 0x1f", "[l:SIZE]    [d:equ] [n:0x1f]"),
        (
            "    call    PyLong_FromLong wrt ..plt",
            "    [m:call]    PyLong_FromLong [d:wrt] [d:..plt]",
        ),
        (
            "    mov     rax, [rel x wrt ..got]",
            "    [m:mov]     [r:rax], [[d:rel] x [d:wrt] [d:..got]]",
        ),
        ("    section .note.GNU-stack noalloc", "    [d:section] .note.GNU-stack noalloc"),
        ("%include \"workbook.inc\"", "[d:%include] [s:\"workbook.inc\"]"),
        ("workbook_function add, long, long", "[d:workbook_function] add, long, long"),
        ("    rep movsb", "    [m:rep] [m:movsb]"),
        ("    times 3 db 0", "    [d:times] [n:3] [d:db] [n:0]"),
        ("    at position.x, dd 3", "    [d:at] position.x, [d:dd] [n:3]"),
        ("    movsxd  r13, r8d", "    [m:movsxd]  [r:r13], [r:r8d]"),
        ("    movaps  [rsp], xmm0", "    [m:movaps]  [[r:rsp]], [r:xmm0]"),
        ("    add     dword [rel robot], 1", "    [m:add]     [d:dword] [[d:rel] robot], [n:1]"),
        ("workbook_function f, \\\n    short", "[d:workbook_function] f, \\\n    short"),
        (
            "    lea     rax, \\\n        [rel x]",
            "    [m:lea]     [r:rax], \\\n        [[d:rel] x]",
        ),
    ] {
        assert_eq!(marked(Language::X86asm, code), expected);
    }
}

#[test]
fn the_words_of_nasm_are_its_instructions_and_directives() {
    let code = "\
%include \"workbook.inc\"
    default rel
workbook_function bits, short, \\
    short, long
MOST    equ 99                          ; mov
    section .note.GNU-stack noalloc
text:   times 3 db \"ret\", 0
.next:
    rep movsb
    cmp     qword [rcx + dish.name], 0
    lea     rax, [rel strings]
    call    strlen wrt ..plt";
    let expected = [
        (1, "%include"),
        (2, "default rel"),
        (5, "equ"),
        (6, "section .note.GNU-stack"),
        (7, "times"),
        (7, "db"),
        (9, "rep"),
        (9, "movsb"),
        (10, "cmp"),
        (10, "qword"),
        (11, "lea"),
        (11, "rel"),
        (12, "call"),
        (12, "wrt ..plt"),
    ];
    assert_eq!(words_of_nasm(code), expected.map(|(line, word)| (line, word.to_owned())));
}

#[test]
fn a_console_tells_prompts_from_answers() {
    for (code, expected) in [
        (">>> from answer import answer", "[p:>>> ][m:from] answer [m:import] answer"),
        ("... ", "[p:... ]"),
        ("$ python3 -X dev", "[p:$ ][m:python3 -X dev]"),
        ("TypeError: an integer is required", "[e:TypeError]: an integer is required"),
        ("ex05c multiply: rbx is lost   A002", "ex05c multiply: rbx is lost   [e:A002]"),
        ("hint: look at line 3", "[l:hint:] look at line 3"),
        ("'03000000'", "'03000000'"),
    ] {
        assert_eq!(marked(Language::Console, code), expected);
    }
}

#[test]
fn the_other_languages() {
    for (language, code, expected) in [
        (
            Language::Python,
            "def f(n): return n + 1.5  # one",
            "[m:def] f(n): [m:return] n + [n:1.5]  [c:# one]",
        ),
        (Language::Python, "x = '''a\nb''' or None", "x = [s:'''a\nb'''] [m:or] [n:None]"),
        (Language::C, "#include <Python.h>", "[d:#include <Python.h>]"),
        (Language::C, "long f(void); /* a\nb */", "[m:long] f([m:void]); [c:/* a\nb */]"),
        (Language::Toml, "[limits]\nseconds = 2", "[d:[limits]]\nseconds = [n:2]"),
        (Language::Text, "mov eax, 1", "mov eax, 1"),
    ] {
        assert_eq!(marked(language, code), expected);
    }
}

#[test]
fn code_arrives_letter_by_letter() {
    let code = "a < b && c > d \"é\" '\n`open\n\n\t%{x} ; {{#include}} \\{{#exercise ex01a}}";
    let shown = code.replace("\\{{#", "{{#");
    for language in
        [Language::X86asm, Language::Python, Language::Console, Language::C, Language::Toml]
    {
        let html = html(language, code);
        assert!(!html.contains('\n') && !html.contains("{{"), "{html}");
        assert_eq!(unescape(&without_tags(&html)), shown);
    }
}

/// The colored code with `[class:text]` for each colored piece.
fn marked(language: Language, code: &str) -> String {
    let html = html(language, code);
    unescape(&html.replace("<span class=\"", "[").replace("\">", ":").replace("</span>", "]"))
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => in_tag = true,
            '>' => in_tag = false,
            other if !in_tag => text.push(other),
            _ => {}
        }
    }
    text
}

fn unescape(html: &str) -> String {
    html.replace("&#10;", "\n")
        .replace("&#123;", "{")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
