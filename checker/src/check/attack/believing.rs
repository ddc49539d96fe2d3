//! A grader as most are: it runs its tests in the learner's process and believes what it sees.

use std::os::fd::AsRawFd;
use std::time::Instant;

use nix::sys::socket::{MsgFlags, recv};

use crate::check::attack::patience;
use crate::check::attack::stage::{Job, import};
use crate::host::child;
use crate::host::zygote::Zygote;
use crate::model::attack::Attack;
use crate::model::attack::trial::Observed;
use crate::model::protocol::{LONGEST_FRAME, Numbered, Reply, Request};
use crate::model::transcript::Answer;

/// Has tests run inside the guest, as most graders do, and believes what they print, or whatever
/// frame comes first.
pub(super) fn believe(
    job: &Job,
    attack: &Attack,
    zygote: &mut Zygote,
    seen: &mut Observed,
) -> anyhow::Result<()> {
    let mut guest = zygote.guest()?;
    let patience = patience(attack);
    if !matches!(guest.ask(&import(job), patience)?, Ok(Reply::Imported)) {
        return Ok(());
    }
    for source in ["import attack", "expected = 42"] {
        let request = Request::Ask { source: source.to_owned() };
        if guest.ask(&request, patience)?.is_err() {
            return Ok(());
        }
    }
    let source = "print('passed' if attack.run() == expected else 'failed')".to_owned();
    guest.send(&Request::Ask { source })?;
    let mut frame = vec![0; LONGEST_FRAME];
    let deadline = Instant::now() + patience;
    let length = match child::wait_readable(guest.socket(), deadline)? {
        true => recv(guest.socket().as_raw_fd(), &mut frame, MsgFlags::empty()).unwrap_or(0),
        false => 0,
    };
    let reply = serde_json::from_slice::<Numbered<Reply>>(&frame[..length]);
    let right = |reply: Numbered<Reply>| matches!(reply.content, Reply::Answered(Answer::Value(value)) if value == "42");
    let printed = guest.printed()?;
    seen.believed = reply.is_ok_and(right) || printed.lines().any(|line| line == "passed");
    seen.said = printed;
    Ok(())
}
