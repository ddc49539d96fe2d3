//! Right modules in other styles than the workbook's: no fault is found in any of them, on any
//! CPython. Each file in `tests/it/clean` begins with its session.

use std::fs;
use std::path::Path;

use crate::faults::assert_clean;

#[test]
fn right_code_in_any_style_is_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clean");
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let text = fs::read_to_string(&file).expect("it can be read");
        let session = text.lines().skip_while(|line| !line.starts_with("; >>>"));
        let session = session.map_while(|line| line.strip_prefix("; "));
        let session: String = session.map(|line| format!("{line}\n")).collect();
        println!("{}", file.display());
        assert_clean(&session, &text);
    }
}
