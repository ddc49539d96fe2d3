//! The stepper: its keys and its screen.

use checker::report::stepper::{Key, Next, Stepper};
use checker::report::style::Ink;

use crate::trace::Traced;

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
