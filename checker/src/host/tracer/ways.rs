//! Where an instruction goes when it does not go on to the next: calls and returns within the
//! learner's code, and the ways out of it.

use std::rc::Rc;

use crate::host::tracer::calls::Reader;
use crate::host::tracer::decode::{Decoded, Flow};
use crate::host::tracer::process::Registers;
use crate::host::tracer::recorder::Raw;
use crate::host::tracer::session::{Activation, Left, Outside, Session};
use crate::model::capi;
use crate::model::trace::{Call, DIRECTION_FLAG, Register};

impl Session<'_> {
    /// Notes a call, a return, or a way out of the learner's code. Nothing while it stays inside.
    pub(super) fn moved(
        &mut self,
        decoded: &Rc<Decoded>,
        before: &Registers,
        after: &Registers,
        raw: &mut Raw,
    ) -> Option<Left> {
        let image = self.image.unwrap_or(0);
        let next = after.rip().wrapping_sub(image);
        let inside = self.target.is_stepped(next);
        let returns_to = decoded.next + image;
        match decoded.flow {
            Flow::Call(_) if inside => {
                let mut call = call_note(&self.target.label(next), before.rsp(), before, false);
                call.own = true;
                raw.note().call = Some(call);
                if let Some(Activation::Frame(frame)) = self.activations.last_mut() {
                    frame.calls.push((returns_to, before.rsp()));
                }
                None
            }
            Flow::Return => self.returned(before, after, inside, raw),
            Flow::Next | Flow::ConditionalJump if after.rip() == returns_to => {
                let text = "here the learner's code ends, and the CPU goes on with what follows";
                raw.note().remarks.push(text.to_owned());
                Some(Left::Outside)
            }
            _ => self.went_out(decoded, before, after, raw),
        }
    }

    fn returned(
        &mut self,
        before: &Registers,
        after: &Registers,
        inside: bool,
        raw: &mut Raw,
    ) -> Option<Left> {
        let rsp = before.rsp();
        let Some(Activation::Frame(frame)) = self.activations.last_mut() else {
            return (!inside).then_some(Left::Outside);
        };
        if inside {
            if frame.calls.pop() != Some((after.rip(), rsp + 8)) {
                let text = "this goes back to a place that no call left on the stack";
                raw.note().remarks.push(text.to_owned());
            }
            return None;
        }
        if after.rip() == frame.return_address {
            raw.note = Some(Box::new(self.leave(after)));
        } else {
            let text = format!(
                "`ret` took {:#x} from the stack for its return address; {} was called from \
                 elsewhere",
                after.rip(),
                frame.name
            );
            raw.note().remarks.push(text);
        }
        Some(Left::Outside)
    }

    /// Out of the learner's code, by a call or by a jump.
    fn went_out(
        &mut self,
        decoded: &Rc<Decoded>,
        before: &Registers,
        after: &Registers,
        raw: &mut Raw,
    ) -> Option<Left> {
        let image = self.image.unwrap_or(0);
        let slot = self.target.plt_slot(after.rip().wrapping_sub(image));
        let slot = slot.or_else(|| decoded.slot());
        let named = slot.and_then(|slot| self.target.slot_name(slot)).map(str::to_owned);
        let name = named.or_else(|| self.name_of(after.rip()));
        let name = name.unwrap_or_else(|| format!("{:#x}", after.rip()));
        let prototype = capi::prototype(&name);
        // A jump finds the return address on the stack already.
        let calls = matches!(decoded.flow, Flow::Call(_));
        let (returns_to, rsp) = match calls {
            true => (decoded.next + image, before.rsp()),
            false => (self.process.read_word(after.rsp()).unwrap_or(0), after.rsp() + 8),
        };
        let mut at_call = *before;
        at_call.values[Register::Rsp.index()] = rsp;
        let mut call = call_note(&name, rsp, before, !calls);
        if let Some(prototype) = prototype {
            let reader = Reader { process: &self.process, minor: self.minor };
            call.args = Some(reader.arguments(&name, prototype, &at_call));
        }
        let variadic = prototype.is_some_and(|prototype| prototype.variadic);
        let note = raw.note();
        note.remarks = remarks_on(&call, before, variadic);
        note.call = Some(call);
        if self.process.add_breakpoint(returns_to) {
            let memory = self.snapshot(rsp);
            self.activations.push(Activation::Outside(Outside {
                name,
                prototype,
                return_address: returns_to,
                rsp,
                place: decoded.place,
                memory,
            }));
        }
        Some(Left::Outside)
    }
}

fn call_note(name: &str, rsp: u64, before: &Registers, tail: bool) -> Call {
    Call {
        to: name.to_owned(),
        own: false,
        tail,
        args: None,
        rsp: (rsp % 16) as u8,
        df: u8::from(before.get(Register::Flags) & DIRECTION_FLAG != 0),
    }
}

/// What the ABI has against a call out of the module (System V ABI, 3.2.2, 3.2.1, 3.5.7).
fn remarks_on(call: &Call, before: &Registers, variadic: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    if call.rsp != 0 {
        remarks.push(format!(
            "rsp is {} above a multiple of 16 at the call of {}; the ABI wants a multiple",
            call.rsp, call.to
        ));
    }
    if call.df != 0 {
        remarks.push(format!("the direction flag is set at the call of {}", call.to));
    }
    let al = before.get(Register::Rax) & 0xff;
    if variadic && al > 8 {
        remarks.push(format!(
            "al is {al} at the call of {}; it should say how many of xmm0 to xmm7 hold arguments",
            call.to
        ));
    }
    remarks
}
