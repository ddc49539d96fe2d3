//! A finding: one fault, its stable code, its place and its sentence.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($code:ident $chapter:literal $title:literal;)+) => {
        /// A finding's stable code. `S` source, `L` linking, `M` module, `A` ABI, `C` crash,
        /// `R` references, `V` values. A code is never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $(#[doc = $title] $code,)+
        }

        impl Code {
            /// Every code, in the catalogue's order.
            pub const ALL: &[Code] = &[$(Code::$code),+];

            /// `A002`
            pub fn name(self) -> &'static str {
                match self { $(Code::$code => stringify!($code),)+ }
            }

            /// The fault in a few words, in lower case and without a full stop.
            pub fn title(self) -> &'static str {
                match self { $(Code::$code => $title,)+ }
            }

            /// The chapter of the book that explains it.
            pub fn chapter(self) -> u8 {
                match self { $(Code::$code => $chapter,)+ }
            }
        }
    };
}

codes! {
    S001 1 "nasm does not understand a line";
    S002 1 "nasm warns about a line";
    S003 1 "the assembler took too long or too much";
    L001 5 "a call to CPython does not go through the PLT";
    L002 3 "an absolute address stands in the code";
    L003 5 "a name that nobody defines";
    L004 5 "a name is defined twice";
    L005 5 "the note about the stack is missing";
    L006 5 "a variable of CPython is not reached through the GOT";
    L007 5 "the linker refuses the file";
    L008 5 "code that would run while the file is loaded";
    L009 3 "a section that must not be there";
    L010 5 "a function that this exercise may not call";
    L011 3 "an address stands where it cannot be filled in";
    M001 5 "Python finds no PyInit function";
    M002 5 "PyInit returns NULL and sets no exception";
    M003 5 "the import raises an exception";
    M004 5 "the module is made for another version of the C API";
    M005 5 "PyInit returns something that is no module";
    M006 5 "PyInit returns a module and leaves an exception set";
    M007 5 "the method table has no end";
    M008 5 "the method table is laid out wrong";
    M009 5 "the module definition is laid out wrong";
    A001 4 "the stack pointer is not given back";
    A002 4 "a callee-saved register is lost";
    A003 4 "the direction flag is left set";
    A004 4 "the stack is not aligned at a call";
    A005 1 "the code runs on where a ret is missing";
    A006 4 "the floating-point control word is changed";
    A007 4 "al does not count the vector registers of a call";
    A008 4 "the x87 registers are not given back empty";
    C001 3 "the CPU was sent to memory that is not there";
    C002 1 "the CPU met bytes that it does not run";
    C003 1 "the division has no result";
    C004 3 "the CPU could not reach that memory";
    C005 5 "CPython stopped the process";
    C006 2 "the stack is used up";
    C007 5 "the module ended the process";
    C008 2 "no answer in time";
    C009 2 "the process was ended";
    C010 5 "the worker's protocol was broken";
    C011 1 "the CPU met a breakpoint";
    C012 4 "a ret goes to a wrong address";
    C013 2 "a jump or a call goes to a wrong address";
    C014 3 "a write to memory that can only be read";
    C015 3 "data is run as if it were code";
    C016 5 "a system call that is not allowed here";
    C017 4 "an address is not aligned as its instruction wants it";
    R001 8 "a reference is leaked";
    R002 8 "a reference is given up that was not yours";
    R003 8 "memory is leaked";
    R004 8 "a write past the end of an object";
    R005 8 "a freed object is returned";
    R006 8 "a borrowed reference is returned as a new one";
    R007 8 "a freed object is used";
    V001 1 "a value differs";
    V002 8 "the wrong exception";
    V003 8 "a value where an exception was expected";
    V004 8 "an exception where a value was expected";
    V005 5 "NULL without an exception";
    V006 5 "a result together with an exception";
    V007 8 "the exception's message differs";
    V008 1 "too much output";
    V009 3 "half of a 64-bit value is lost";
    V010 5 "the result is no object";
    V011 7 "a call is given something else than it takes";
    V012 4 "a text does not end in a zero byte";
    V013 3 "an access is wider than its variable";
}

impl Code {
    /// Whether it is about an answer, which the statements themselves show best.
    pub fn is_difference(self) -> bool {
        use Code::{V001, V002, V003, V004, V007, V009};
        matches!(self, V001 | V002 | V003 | V004 | V007 | V009)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text is no finding's code.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no finding's code")]
pub struct NotACode(pub String);

impl FromStr for Code {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let found = Self::ALL.iter().find(|code| code.name() == text);
        found.copied().ok_or_else(|| NotACode(text.to_owned()))
    }
}

/// Where a fault is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the learner knows it: `work/ex05c.asm`, `workbook.inc`.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters, where it is known.
    pub column: Option<u32>,
    /// The line itself.
    pub text: Option<String>,
}

/// One fault, named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its code.
    pub code: Code,
    /// What happened, in one line without a full stop.
    pub sentence: String,
    /// Where, if that is known.
    pub place: Option<Place>,
    /// What was expected and why: sentences, a paragraph each.
    pub details: Vec<String>,
    /// One thing to try or to ask oneself.
    pub hint: Option<String>,
}

impl Finding {
    /// A finding with its sentence alone.
    pub fn new(code: Code, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), place: None, details: Vec::new(), hint: None }
    }

    /// The same, at a place.
    pub fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    /// The same, with one more paragraph.
    pub fn detail(mut self, paragraph: impl Into<String>) -> Self {
        self.details.push(paragraph.into());
        self
    }

    /// The same, with its hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What a starter or a trap must get: a code, and optionally words of the finding's sentence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MustSay {
    /// The first finding's code.
    pub code: Code,
    /// Words that its sentence has, or the empty string.
    pub words: String,
}

impl FromStr for MustSay {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let (code, words) =
            text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        Ok(Self { code: code.parse()?, words: words.trim().to_owned() })
    }
}

impl TryFrom<String> for MustSay {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        text.parse()
    }
}

impl MustSay {
    /// Whether the finding is the one that was asked for.
    pub fn met_by(&self, finding: &Finding) -> bool {
        finding.code == self.code && finding.sentence.contains(&self.words)
    }
}

impl fmt::Display for MustSay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.words)
    }
}
