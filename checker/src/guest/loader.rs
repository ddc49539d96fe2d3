//! Loading the learner's shared object as a module of its name.

use std::ffi::{CStr, CString, c_void};
use std::path::Path;

use pyo3::prelude::*;
use pyo3::types::IntoPyDict;

use crate::guest::harden::{self, Key};
use crate::guest::image::Image;
use crate::guest::{abi_guard, call_log, handover, interpreter, page};
use crate::model::isolation::Layers;
use crate::model::protocol::Reply;

/// What a guest imports its module with: found once, before any guest is made.
pub(super) struct Loader<'py> {
    extension_loader: Bound<'py, PyAny>,
    spec: Bound<'py, PyAny>,
    module_from_spec: Bound<'py, PyAny>,
    modules: Bound<'py, PyAny>,
    simplefilter: Bound<'py, PyAny>,
}

/// Whether the module's calls are guarded: they are, but for a benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// In every check.
    Up,
    /// To see what the guard costs.
    Down,
}

impl<'py> Loader<'py> {
    /// Makes the guard's stubs too. The frozen modules are those that every CPython has at its
    /// start; `importlib` would take 4 ms to import.
    pub(super) fn new(py: Python<'py>) -> PyResult<Self> {
        abi_guard::prepare()?;
        call_log::prepare()?;
        let external = py.import("_frozen_importlib_external")?;
        let bootstrap = py.import("_frozen_importlib")?;
        let loader = Self {
            extension_loader: external.getattr("ExtensionFileLoader")?,
            spec: bootstrap.getattr("ModuleSpec")?,
            module_from_spec: bootstrap.getattr("module_from_spec")?,
            modules: py.import("sys")?.getattr("modules")?,
            simplefilter: py.import("warnings")?.getattr("simplefilter")?,
        };
        loader.warn_by("error")?;
        Ok(loader)
    }

    /// Puts up the walls, loads the file, puts the guard around its functions, and imports the
    /// module. From the first instruction of the module on, only the holder of the key can reply.
    pub(super) fn load(
        &self,
        path: &str,
        module: &str,
        guard: Guard,
        layers: Layers,
        key: &mut Key,
    ) -> Reply {
        let folder = Path::new(path).parent().unwrap_or(Path::new("/"));
        if let Err(missing) = harden::confine(layers, folder) {
            return Reply::NotConfined(missing);
        }
        let handle = match open(path) {
            Ok(handle) => handle,
            Err(message) => {
                return Reply::ImportFailed { type_name: "ImportError".to_owned(), message };
            }
        };
        if let Some(image) = Image::of(handle).filter(|_| guard == Guard::Up) {
            page::with(|page| page.image_base = image.base);
            handover::begin(&image);
            call_log::redirect(&image);
            let init = format!("PyInit_{module}");
            image.replace_export(handle, &init, |address| {
                abi_guard::guard(address, &init, abi_guard::Result::Anything)
            });
        }
        match harden::seal(layers) {
            Ok(new) => *key = new,
            Err(missing) => return Reply::NotConfined(missing),
        }
        match self.import(path, module).and(self.warn_by("ignore")) {
            Ok(()) => Reply::Imported,
            Err(error) => {
                let (type_name, message) = interpreter::describe(self.modules.py(), &error);
                Reply::ImportFailed { type_name, message }
            }
        }
    }

    /// What `import` does once it has found the file.
    fn import(&self, path: &str, module: &str) -> PyResult<()> {
        let loader = self.extension_loader.call1((module, path))?;
        let origin = [("origin", path)].into_py_dict(loader.py())?;
        let spec = self.spec.call((module, &loader), Some(&origin))?;
        spec.setattr("has_location", true)?;
        let made = self.module_from_spec.call1((spec,))?;
        self.modules.set_item(module, &made)?;
        loader.call_method1("exec_module", (made,))?;
        Ok(())
    }

    /// What becomes of warnings. While the module is imported they are errors: one that was made
    /// for another C API version only warns.
    fn warn_by(&self, action: &str) -> PyResult<()> {
        self.simplefilter.call1((action,))?;
        Ok(())
    }
}

/// Maps the shared object and binds its symbols: its handle, or the loader's complaint.
fn open(path: &str) -> Result<*mut c_void, String> {
    let path = CString::new(path).map_err(|error| error.to_string())?;
    // SAFETY: the path ends in zero. The checker has seen to it that the file has no code that
    // runs at load time. dlerror's text is copied before another call can change it.
    unsafe {
        let handle = libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL);
        if handle.is_null() {
            return Err(CStr::from_ptr(libc::dlerror()).to_string_lossy().into_owned());
        }
        Ok(handle)
    }
}
