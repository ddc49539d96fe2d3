//! Holds `exercises/include/python.inc` against the C headers of every CPython on this machine.
//!
//! The names come from the symbol table that nasm writes, so none can be forgotten: each one is
//! a field, the size of a struc or a C macro of the same name, or the test fails. C's side comes
//! from a small program that is compiled against the real `Python.h` and run.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::c_compiler;
use checker::host::toolchain;
use object::{Object as _, ObjectSection as _, ObjectSymbol as _, SectionKind, SymbolSection};

#[test]
fn python_inc_agrees_with_the_headers() {
    let headers = headers_found();
    if headers.is_empty() {
        return say_loudly("no CPython here has its C headers: python.inc was NOT checked");
    }
    let faults = faults_of(&read_python_inc(), &headers);
    assert!(faults.is_empty(), "python.inc is wrong:\n{}", faults.join("\n"));
}

#[test]
fn python_inc_holds_numbers_and_strucs_only() {
    let text = read_python_inc();
    let object = assemble(&text);
    let file = object::File::parse(&*object).expect("nasm writes ELF");
    for section in file.sections() {
        let holds_bytes = matches!(
            section.kind(),
            SectionKind::Text | SectionKind::Data | SectionKind::ReadOnlyData
        );
        assert!(!holds_bytes || section.size() == 0, "python.inc emits bytes");
    }

    // A macro leaves no symbol and would go unchecked, so there is only the include guard.
    let directives: Vec<&str> = text.lines().filter(|line| line.starts_with('%')).collect();
    assert_eq!(directives, ["%ifndef PYTHON_INC", "%define PYTHON_INC", "%endif"]);
}

/// The comparison can fail: a wrong number, a hole nobody named, one named wrongly, a name of
/// our own.
#[test]
fn a_fault_in_python_inc_is_named() {
    let mut headers = headers_found();
    headers.truncate(1);
    if headers.is_empty() {
        return say_loudly("no CPython here has its C headers: there is nothing to compare with");
    }
    let python_inc = read_python_inc();
    let faults_with = |from: &str, to: &str| {
        let changed = python_inc.replacen(from, to, 1);
        assert_ne!(changed, python_inc, "python.inc has no {from:?}");
        faults_of(&changed, &headers).join("\n")
    };

    let number = faults_with("PYTHON_API_VERSION  equ 1013", "PYTHON_API_VERSION  equ 1033");
    assert!(number.starts_with("PYTHON_API_VERSION: 1033 here, 1013 in CPython"), "{number}");
    let no_padding = faults_with(".ml_flags_padding:  resd 1", "");
    assert!(no_padding.contains("PyMethodDef.ml_doc: 20 here, 24 in CPython"), "{no_padding}");
    let no_name = faults_with(".ml_flags_padding:  resd 1", "resd 1");
    assert!(no_name.contains("end of PyMethodDef.ml_flags: 24 here, 20 in CPython"), "{no_name}");
    let not_in_c = faults_with("METH_O ", "METH_ONE ");
    assert_eq!(not_in_c, "METH_ONE: no header here knows it");
}

/// What is wrong in the text of an include file, a line each.
fn faults_of(include: &str, headers: &[Headers]) -> Vec<String> {
    let layouts = layouts_of(&assemble(include));
    let expected = expected(&layouts);
    let mut checked = BTreeSet::new();
    let mut faults = Vec::new();
    for headers in headers {
        for (name, in_c) in ask_headers(&layouts, headers) {
            let here = expected[&name];
            if here != in_c {
                faults.push(format!("{name}: {here} here, {in_c} in {}", headers.version));
            }
            checked.insert(name);
        }
    }
    let unchecked = expected.into_keys().filter(|name| !checked.contains(name));
    faults.extend(unchecked.map(|name| format!("{name}: no header here knows it")));
    faults
}

/// The strucs and the other numbers of an include file.
struct Layouts {
    strucs: Vec<Struc>,
    constants: BTreeMap<String, u64>,
}

struct Struc {
    name: String,
    size: u64,
    /// By offset.
    fields: Vec<Field>,
}

struct Field {
    name: String,
    start: u64,
    end: u64,
}

impl Field {
    /// A gap that C leaves without a name. Where it begins is the end of the field before it,
    /// and where it ends is the start of the next, so those two check it.
    fn is_padding(&self) -> bool {
        self.name.ends_with("_padding")
    }
}

/// Sorts nasm's names by what they stand for.
fn layouts_of(object: &[u8]) -> Layouts {
    let file = object::File::parse(object).expect("nasm writes ELF");
    let mut constants = BTreeMap::new();
    for symbol in file.symbols().filter(|symbol| symbol.section() == SymbolSection::Absolute) {
        let name = symbol.name().expect("python.inc is ASCII");
        constants.insert(name.to_owned(), symbol.address());
    }

    let names: Vec<String> = constants.keys().cloned().collect();
    let mut strucs = Vec::new();
    for name in names {
        let Some(size) = constants.remove(&format!("{name}_size")) else { continue };
        constants.remove(&name);
        strucs.push(Struc { fields: take_fields(&mut constants, &name, size), name, size });
    }
    if let Some(stray) = constants.keys().find(|name| name.contains('.')) {
        panic!("{stray} belongs to no struc");
    }
    Layouts { strucs, constants }
}

fn take_fields(constants: &mut BTreeMap<String, u64>, struc: &str, size: u64) -> Vec<Field> {
    let prefix = format!("{struc}.");
    let mut starts = Vec::new();
    constants.retain(|name, value| {
        let field = name.strip_prefix(&prefix);
        starts.extend(field.map(|field| (*value, field.to_owned())));
        field.is_none()
    });
    starts.sort();

    let ends: Vec<u64> = starts.iter().skip(1).map(|(start, _)| *start).chain([size]).collect();
    let fields = starts.into_iter().zip(ends);
    fields.map(|((start, name), end)| Field { name, start, end }).collect()
}

/// Every number that C must confirm, under the name that the C program prints it with.
fn expected(layouts: &Layouts) -> BTreeMap<String, u64> {
    let mut numbers = layouts.constants.clone();
    for struc in &layouts.strucs {
        numbers.insert(format!("{}_size", struc.name), struc.size);
        for field in struc.fields.iter().filter(|field| !field.is_padding()) {
            numbers.insert(format!("{}.{}", struc.name, field.name), field.start);
            numbers.insert(format!("end of {}.{}", struc.name, field.name), field.end);
        }
    }
    numbers
}

/// A C program that prints what the headers say of every name, one `name = value` per line.
fn c_program(layouts: &Layouts) -> String {
    let mut lines = String::new();
    for Struc { name, fields, .. } in &layouts.strucs {
        let _ = writeln!(lines, "    printf(\"{name}_size = %zu\\n\", sizeof({name}));");
        for Field { name: field, .. } in fields.iter().filter(|field| !field.is_padding()) {
            let start = format!("offsetof({name}, {field})");
            let end = format!("{start} + sizeof((({name} *)0)->{field})");
            let _ = writeln!(lines, "    printf(\"{name}.{field} = %zu\\n\", {start});");
            let _ = writeln!(lines, "    printf(\"end of {name}.{field} = %zu\\n\", {end});");
        }
    }
    for name in layouts.constants.keys() {
        let print = format!("printf(\"{name} = %lld\\n\", (long long)({name}));");
        let _ = writeln!(lines, "#ifdef {name}\n    {print}\n#endif");
    }
    // From 3.14 on, `ob_refcnt` is the lower half of the field and has a name for the whole.
    format!(
        "#include <Python.h>\n#include <stddef.h>\n#include <stdio.h>\n\
         #if PY_VERSION_HEX >= 0x030E0000\n#define ob_refcnt ob_refcnt_full\n#endif\n\
         int main(void) {{\n{lines}    return 0;\n}}\n"
    )
}

fn ask_headers(layouts: &Layouts, headers: &Headers) -> BTreeMap<String, u64> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let source = folder.path().join("headers.c");
    let program = folder.path().join("headers");
    fs::write(&source, c_program(layouts)).expect("a temporary file can be written");

    let mut compile = c_compiler(folder.path()).to_command();
    compile.args(headers.folders.iter().map(|folder| include_flag(folder)));
    let output = output_of(compile.arg(&source).arg("-o").arg(&program));
    assert!(output.status.success(), "{}: {}", headers.version, text(&output.stderr));

    let output = output_of(&mut Command::new(&program));
    let lines = text(&output.stdout);
    let pairs = lines.lines().filter_map(|line| line.rsplit_once(" = "));
    pairs.map(|(name, value)| (name.to_owned(), value.parse().expect("C prints numbers"))).collect()
}

fn include_flag(folder: &Path) -> OsString {
    let mut flag = OsString::from("-I");
    flag.push(folder);
    flag
}

/// One CPython's C headers.
struct Headers {
    /// `CPython 3.13`
    version: String,
    folders: Vec<PathBuf>,
}

/// The headers of each CPython on `PATH` and of each that pyenv has, every version once.
fn headers_found() -> Vec<Headers> {
    let mut interpreters = vec![PathBuf::from("python3")];
    interpreters.extend((9..20).map(|minor| PathBuf::from(format!("python3.{minor}"))));
    if let Ok(root) = Command::new("pyenv").arg("root").output() {
        let versions = Path::new(text(&root.stdout).trim()).join("versions");
        let entries = fs::read_dir(versions).into_iter().flatten().flatten();
        interpreters.extend(entries.map(|entry| entry.path().join("bin/python3")));
    }
    let found = interpreters.iter().filter_map(|python| headers_of(python));
    let by_version: BTreeMap<String, Headers> =
        found.map(|headers| (headers.version.clone(), headers)).collect();
    by_version.into_values().collect()
}

/// Nothing if the interpreter is not there, has no headers, is older than 3.9, or is
/// free-threaded: `python.inc` says itself that its layouts are not that build's.
fn headers_of(python: &Path) -> Option<Headers> {
    const QUESTION: &str = "\
import sys, sysconfig
version = 'CPython %d.%d' % sys.version_info[:2]
usable = sys.version_info >= (3, 9) and not sysconfig.get_config_var('Py_GIL_DISABLED')
print(version if usable else '')
print(sysconfig.get_path('include'))
print(sysconfig.get_path('platinclude'))";

    let output = Command::new(python).args(["-I", "-c", QUESTION]).output().ok()?;
    let answer = text(&output.stdout);
    let mut lines = answer.lines();
    let version = lines.next().filter(|version| !version.is_empty())?.to_owned();
    let folders: Vec<PathBuf> = lines.map(PathBuf::from).collect();
    let has_headers = folders.iter().any(|folder| folder.join("Python.h").exists());
    has_headers.then_some(Headers { version, folders })
}

fn read_python_inc() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises/include/python.inc");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The object that nasm makes of an include file alone.
fn assemble(include: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let source = folder.path().join("names.asm");
    let object = folder.path().join("names.o");
    fs::write(&source, include).expect("a temporary file can be written");
    let mut nasm = Command::new("nasm");
    nasm.args(toolchain::NASM_FLAGS).arg(&source).arg("-o").arg(&object);
    let output = output_of(&mut nasm);
    assert!(output.status.success(), "{}", text(&output.stderr));
    fs::read(&object).expect("nasm has written the object")
}

fn output_of(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Past the test runner's capture: a test that checked nothing must not look like one that did.
fn say_loudly(sentence: &str) {
    let hint = "hint: `cargo run -p checker -- setup --dev` installs python3-dev and gcc";
    let _ = writeln!(io::stderr(), "\n  {sentence}\n  {hint}\n");
}
