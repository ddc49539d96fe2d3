//! What a failed import means: CPython and the loader say it in an exception's message.

use crate::check::Case;
use crate::host::symbols;
use crate::host::zygote::Zygote;
use crate::model::finding::{Code, Finding};
use crate::model::spelling;

/// The finding of the exception that the import has raised.
pub(super) fn failed(case: Case<'_>, zygote: &Zygote, type_name: &str, message: &str) -> Finding {
    let init = format!("PyInit_{}", case.task.module);
    let has = |words: &str| message.contains(words);
    if let Some((_, symbol)) = message.split_once("undefined symbol: ") {
        let symbol = symbol.split([' ', '\n', ')']).next().unwrap_or(symbol);
        return undefined_symbol(symbol, case, zygote);
    }
    if has("does not define module export function") {
        return Finding::new(Code::M001, format!("the file offers no function `{init}`"));
    }
    if has("failed without raising an exception") {
        return Finding::new(Code::M002, format!("{init} returned NULL, and no exception is set"))
            .detail(
                "PyInit gives Python the module that PyModule_Create2 made, or the address of the \
                 definition that PyModuleDef_Init gave back.",
            )
            .hint("what is in rax at the `ret` of PyInit?");
    }
    if has("unreported exception") {
        return Finding::new(
            Code::M006,
            format!("{init} returned a module, and an exception is set"),
        )
        .detail(message.to_owned());
    }
    if has("API version mismatch") {
        return Finding::new(Code::M004, "the module was made for another version of the C API")
            .detail(message.to_owned())
            .hint("the number is PYTHON_API_VERSION of python.inc, in esi at the call to PyModule_Create2");
    }
    if has("did not return an extension module") || has("returned uninitialized object") {
        return Finding::new(Code::M005, format!("{init} returned something that is no module"))
            .detail(message.to_owned());
    }
    if has("cannot enable executable stack") {
        return Finding::new(Code::L005, "the file asks for a stack that can be executed");
    }
    Finding::new(Code::M003, format!("`import {}` raises {type_name}: {message}", case.task.module))
}

fn undefined_symbol(symbol: &str, case: Case<'_>, zygote: &Zygote) -> Finding {
    let Case { built, places, .. } = case;
    let reference = built.object.references.iter().find(|reference| *reference.symbol == *symbol);
    let line = reference.and_then(|reference| reference.line.as_ref());
    let place = line.map(|line| places.of_line(line));
    let finding = Finding::new(Code::L003, format!("nobody defines `{symbol}`")).at(place);
    let offered = symbols::offered_by(zygote.pid());
    match spelling::nearest(symbol, offered.iter().map(String::as_str)) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding
            .hint("neither this CPython nor the C library has a function or variable of that name"),
    }
}
