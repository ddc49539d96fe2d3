//! The recording as a file: the same in every run, and what the book's page says.

use std::collections::BTreeSet;
use std::fs;

use checker::host::tracer::{Bounds, Glue};
use checker::model::protocol::Request;
use checker::model::trace::replay::Moment;
use checker::model::trace::{Hex, Kind, Recording, Register};

use crate::support;
use crate::trace::{BOUNDS, Traced, book};

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
