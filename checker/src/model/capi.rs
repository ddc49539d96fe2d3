//! The C functions that exercises call: their parameters' names and types, and what their
//! results are. It is for showing calls, so a function that is not here is shown without names.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What travels in a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `PyObject *`; the callee borrows it.
    Object,
    /// `PyObject *`; the callee takes the reference over.
    Stolen,
    /// `const char *`, ended by a zero byte.
    Text,
    /// 32 bits with a sign.
    Int,
    /// 32 bits without.
    Unsigned,
    /// 64 bits with a sign.
    Long,
    /// 64 bits without: `size_t` too.
    UnsignedLong,
    /// In a vector register.
    Double,
    /// Any other address.
    Pointer,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// `PyObject *`: a reference that is the caller's to give back, or NULL with an exception.
    New,
    /// `PyObject *`: a reference that belongs to somebody else, or NULL.
    Borrowed,
    /// A plain value or address, in rax or xmm0.
    Value(Kind),
    /// Two 64-bit halves, in rax and rdx.
    Pair,
    /// Nothing: rax holds what it may.
    Nothing,
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in CPython's documentation, or in the man page.
    pub name: &'static str,
    /// What travels in it.
    pub kind: Kind,
}

/// A function's prototype.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prototype {
    /// What it gives.
    pub gives: Gives,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// Whether more arguments may follow, as in `printf`.
    pub variadic: bool,
}

/// The prototype of a function, if it is known.
pub fn prototype(name: &str) -> Option<&'static Prototype> {
    static PROTOTYPES: LazyLock<HashMap<&str, Prototype>> = LazyLock::new(|| {
        let rows = TABLE.lines().filter_map(|line| {
            let (head, parameters) = line.trim_end_matches(')').split_once('(')?;
            let (gives, name) = head.split_once(' ')?;
            Some((name, parse(gives, parameters)))
        });
        rows.collect()
    });
    PROTOTYPES.get(name)
}

/// Every function's name.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter_map(|line| line.split_once('(')?.0.split_once(' ')).map(|(_, name)| name)
}

fn parse(gives: &str, parameters: &'static str) -> Prototype {
    let parts = || parameters.split(", ").filter(|part| !part.is_empty());
    Prototype {
        gives: match gives {
            "new" => Gives::New,
            "borrowed" => Gives::Borrowed,
            "void" => Gives::Nothing,
            "pair" => Gives::Pair,
            other => Gives::Value(kind(other)),
        },
        parameters: parts()
            .filter_map(|part| part.split_once(' '))
            .map(|(word, name)| Parameter { name, kind: kind(word) })
            .collect(),
        variadic: parts().any(|part| part == "..."),
    }
}

fn kind(word: &str) -> Kind {
    match word {
        "object" => Kind::Object,
        "stolen" => Kind::Stolen,
        "text" => Kind::Text,
        "int" => Kind::Int,
        "uint" => Kind::Unsigned,
        "long" | "size" => Kind::Long,
        "ulong" => Kind::UnsignedLong,
        "double" => Kind::Double,
        _ => Kind::Pointer,
    }
}

/// How many arguments follow a format string, for the two kinds of formats there are; `None`
/// where the function takes none.
pub fn arguments_of_format(function: &str, format: &str) -> Option<usize> {
    if matches!(
        function,
        "printf"
            | "fprintf"
            | "snprintf"
            | "sprintf"
            | "dprintf"
            | "PyErr_Format"
            | "PyErr_WarnFormat"
            | "PyOS_snprintf"
            | "PyUnicode_FromFormat"
            | "PyBytes_FromFormat"
    ) {
        let mut count = 0;
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            rest = &rest[at + 1..];
            match rest.strip_prefix('%') {
                Some(after) => rest = after,
                None => count += 1,
            }
        }
        return Some(count);
    }
    let parses = function.contains("Parse");
    if !parses && !function.contains("Build") && !function.contains("Call") {
        return None;
    }
    // `O!`, `O&` and `s#` take one argument more; `(`, `|` and the like take none.
    let units = format.split([':', ';']).next().unwrap_or("");
    let takes = |c: char| c.is_ascii_alphabetic() || matches!(c, '#' | '!' | '&');
    Some(units.replace("es", "ss").replace("et", "ss").chars().filter(|c| takes(*c)).count())
}

/// A line for each: what it gives, its name, its parameters. Written after the C API's reference
/// manual; the libc part after the man pages.
const TABLE: &str = "\
new PyModule_Create2(pointer def, int module_api_version)
new PyModuleDef_Init(pointer def)
new PyModule_FromDefAndSpec2(pointer def, object spec, int module_api_version)
int PyModule_ExecDef(object module, pointer def)
int PyModule_AddFunctions(object module, pointer functions)
int PyModule_SetDocString(object module, text docstring)
int PyModule_AddIntConstant(object module, text name, long value)
int PyModule_AddStringConstant(object module, text name, text value)
int PyModule_AddObject(object module, text name, stolen value)
int PyModule_AddObjectRef(object module, text name, object value)
int PyModule_Add(object module, text name, stolen value)
int PyModule_AddType(object module, pointer type)
borrowed PyModule_GetDict(object module)
pointer PyModule_GetState(object module)
pointer PyModule_GetDef(object module)
text PyModule_GetName(object module)
int PyArg_ParseTuple(object args, text format, ...)
int PyArg_ParseTupleAndKeywords(object args, object kwargs, text format, pointer keywords, ...)
int PyArg_Parse(object args, text format, ...)
int PyArg_UnpackTuple(object args, text name, size min, size max, ...)
new Py_BuildValue(text format, ...)
new PyLong_FromLong(long value)
new PyLong_FromLongLong(long value)
new PyLong_FromUnsignedLong(ulong value)
new PyLong_FromUnsignedLongLong(ulong value)
new PyLong_FromSsize_t(size value)
new PyLong_FromSize_t(ulong value)
new PyLong_FromDouble(double value)
new PyLong_FromString(text str, pointer pend, int base)
new PyLong_FromVoidPtr(pointer p)
long PyLong_AsLong(object obj)
long PyLong_AsLongLong(object obj)
long PyLong_AsLongAndOverflow(object obj, pointer overflow)
long PyLong_AsLongLongAndOverflow(object obj, pointer overflow)
int PyLong_AsInt(object obj)
long PyLong_AsSsize_t(object obj)
ulong PyLong_AsSize_t(object obj)
ulong PyLong_AsUnsignedLong(object obj)
ulong PyLong_AsUnsignedLongLong(object obj)
ulong PyLong_AsUnsignedLongMask(object obj)
ulong PyLong_AsUnsignedLongLongMask(object obj)
double PyLong_AsDouble(object obj)
pointer PyLong_AsVoidPtr(object obj)
new PyBool_FromLong(long value)
new PyFloat_FromDouble(double value)
new PyFloat_FromString(object str)
double PyFloat_AsDouble(object obj)
new PyComplex_FromDoubles(double real, double imag)
new PyNumber_Add(object left, object right)
new PyNumber_Subtract(object left, object right)
new PyNumber_Multiply(object left, object right)
new PyNumber_FloorDivide(object left, object right)
new PyNumber_TrueDivide(object left, object right)
new PyNumber_Remainder(object left, object right)
new PyNumber_Divmod(object left, object right)
new PyNumber_Power(object left, object right, object mod)
new PyNumber_Lshift(object left, object right)
new PyNumber_Rshift(object left, object right)
new PyNumber_And(object left, object right)
new PyNumber_Or(object left, object right)
new PyNumber_Xor(object left, object right)
new PyNumber_Negative(object obj)
new PyNumber_Positive(object obj)
new PyNumber_Absolute(object obj)
new PyNumber_Invert(object obj)
new PyNumber_InPlaceAdd(object left, object right)
new PyNumber_InPlaceMultiply(object left, object right)
new PyNumber_Index(object obj)
new PyNumber_Long(object obj)
new PyNumber_Float(object obj)
int PyNumber_Check(object obj)
int PyIndex_Check(object obj)
size PyNumber_AsSsize_t(object obj, object exc)
new PyUnicode_FromString(text str)
new PyUnicode_FromStringAndSize(text str, size size)
new PyUnicode_FromFormat(text format, ...)
new PyUnicode_DecodeUTF8(text str, size size, text errors)
new PyUnicode_InternFromString(text str)
new PyUnicode_AsUTF8String(object unicode)
new PyUnicode_AsEncodedString(object unicode, text encoding, text errors)
text PyUnicode_AsUTF8(object unicode)
text PyUnicode_AsUTF8AndSize(object unicode, pointer size)
size PyUnicode_GetLength(object unicode)
uint PyUnicode_ReadChar(object unicode, size index)
int PyUnicode_Compare(object left, object right)
int PyUnicode_CompareWithASCIIString(object unicode, text string)
new PyUnicode_Concat(object left, object right)
new PyUnicode_Join(object separator, object seq)
new PyUnicode_Substring(object unicode, size start, size end)
new PyUnicode_New(size size, uint maxchar)
new PyBytes_FromString(text str)
new PyBytes_FromStringAndSize(text str, size size)
new PyBytes_FromFormat(text format, ...)
new PyBytes_FromObject(object obj)
text PyBytes_AsString(object obj)
int PyBytes_AsStringAndSize(object obj, pointer buffer, pointer length)
size PyBytes_Size(object obj)
int _PyBytes_Resize(pointer bytes, size newsize)
new PyByteArray_FromStringAndSize(text string, size len)
text PyByteArray_AsString(object bytearray)
size PyByteArray_Size(object bytearray)
new PyMemoryView_FromMemory(text mem, size size, int flags)
new PyMemoryView_FromObject(object obj)
new PyList_New(size len)
size PyList_Size(object list)
borrowed PyList_GetItem(object list, size index)
new PyList_GetItemRef(object list, size index)
int PyList_SetItem(object list, size index, stolen item)
int PyList_Insert(object list, size index, object item)
int PyList_Append(object list, object item)
new PyList_GetSlice(object list, size low, size high)
int PyList_SetSlice(object list, size low, size high, object itemlist)
int PyList_Sort(object list)
int PyList_Reverse(object list)
new PyList_AsTuple(object list)
new PyTuple_New(size len)
new PyTuple_Pack(size n, ...)
size PyTuple_Size(object tuple)
borrowed PyTuple_GetItem(object tuple, size pos)
int PyTuple_SetItem(object tuple, size pos, stolen item)
new PyTuple_GetSlice(object tuple, size low, size high)
new PyDict_New()
int PyDict_SetItem(object dict, object key, object val)
int PyDict_SetItemString(object dict, text key, object val)
int PyDict_DelItem(object dict, object key)
int PyDict_DelItemString(object dict, text key)
borrowed PyDict_GetItem(object dict, object key)
borrowed PyDict_GetItemWithError(object dict, object key)
borrowed PyDict_GetItemString(object dict, text key)
int PyDict_GetItemRef(object dict, object key, pointer result)
borrowed PyDict_SetDefault(object dict, object key, object defaultobj)
int PyDict_Contains(object dict, object key)
size PyDict_Size(object dict)
int PyDict_Next(object dict, pointer ppos, pointer pkey, pointer pvalue)
new PyDict_Keys(object dict)
new PyDict_Values(object dict)
new PyDict_Items(object dict)
new PyDict_Copy(object dict)
void PyDict_Clear(object dict)
int PyDict_Update(object a, object b)
new PySet_New(object iterable)
new PyFrozenSet_New(object iterable)
int PySet_Add(object set, object key)
int PySet_Contains(object set, object key)
int PySet_Discard(object set, object key)
size PySet_Size(object set)
new PySequence_GetItem(object seq, size i)
int PySequence_SetItem(object seq, size i, object v)
int PySequence_DelItem(object seq, size i)
size PySequence_Size(object seq)
size PySequence_Length(object seq)
int PySequence_Contains(object seq, object value)
size PySequence_Index(object seq, object value)
size PySequence_Count(object seq, object value)
new PySequence_List(object seq)
new PySequence_Tuple(object seq)
new PySequence_Fast(object seq, text message)
new PySequence_Concat(object left, object right)
new PySequence_Repeat(object seq, size count)
new PySequence_GetSlice(object seq, size i1, size i2)
int PySequence_Check(object seq)
new PyMapping_Keys(object mapping)
new PyMapping_Items(object mapping)
int PyMapping_Check(object mapping)
size PyMapping_Size(object mapping)
new PyMapping_GetItemString(object mapping, text key)
new PyIter_Next(object iter)
int PyIter_NextItem(object iter, pointer item)
int PyIter_Check(object obj)
new PyObject_GetIter(object obj)
new PySeqIter_New(object seq)
new PyCallIter_New(object callable, object sentinel)
new PyObject_GetAttr(object obj, object name)
new PyObject_GetAttrString(object obj, text name)
int PyObject_SetAttr(object obj, object name, object value)
int PyObject_SetAttrString(object obj, text name, object value)
int PyObject_HasAttr(object obj, object name)
int PyObject_HasAttrString(object obj, text name)
new PyObject_GenericGetAttr(object obj, object name)
int PyObject_GenericSetAttr(object obj, object name, object value)
new PyObject_GetItem(object obj, object key)
int PyObject_SetItem(object obj, object key, object value)
int PyObject_DelItem(object obj, object key)
new PyObject_Repr(object obj)
new PyObject_Str(object obj)
new PyObject_ASCII(object obj)
new PyObject_Bytes(object obj)
new PyObject_Type(object obj)
new PyObject_Dir(object obj)
size PyObject_Size(object obj)
size PyObject_Length(object obj)
size PyObject_LengthHint(object obj, size default)
long PyObject_Hash(object obj)
int PyObject_IsTrue(object obj)
int PyObject_Not(object obj)
int PyObject_IsInstance(object inst, object cls)
int PyObject_IsSubclass(object derived, object cls)
new PyObject_RichCompare(object left, object right, int op)
int PyObject_RichCompareBool(object left, object right, int op)
int PyObject_Print(object obj, pointer file, int flags)
int PyCallable_Check(object obj)
new PyObject_Call(object callable, object args, object kwargs)
new PyObject_CallNoArgs(object callable)
new PyObject_CallOneArg(object callable, object arg)
new PyObject_CallObject(object callable, object args)
new PyObject_CallFunction(object callable, text format, ...)
new PyObject_CallMethod(object obj, text name, text format, ...)
new PyObject_CallFunctionObjArgs(object callable, ...)
new PyObject_CallMethodObjArgs(object obj, object name, ...)
new PyObject_CallMethodNoArgs(object obj, object name)
new PyObject_CallMethodOneArg(object obj, object name, object arg)
new PyObject_Vectorcall(object callable, pointer args, ulong nargsf, object kwnames)
new PyObject_VectorcallMethod(object name, pointer args, ulong nargsf, object kwnames)
new PyCFunction_New(pointer ml, object self)
new PyCFunction_NewEx(pointer ml, object self, object module)
new PyCMethod_New(pointer ml, object self, object module, pointer cls)
new PyCapsule_New(pointer pointer, text name, pointer destructor)
pointer PyCapsule_GetPointer(object capsule, text name)
new PySlice_New(object start, object stop, object step)
int PyObject_GetBuffer(object exporter, pointer view, int flags)
void PyBuffer_Release(pointer view)
int PyBuffer_FillInfo(pointer view, object exporter, pointer buf, size len, int readonly, int flags)
int PyBuffer_IsContiguous(pointer view, int order)
void Py_IncRef(object o)
void Py_DecRef(object o)
new Py_NewRef(object o)
new Py_XNewRef(object o)
void _Py_Dealloc(object o)
int Py_Is(object x, object y)
int Py_IsNone(object x)
void PyErr_SetString(object type, text message)
void PyErr_SetObject(object type, object value)
void PyErr_SetNone(object type)
new PyErr_Format(object exception, text format, ...)
int PyErr_BadArgument()
void PyErr_BadInternalCall()
new PyErr_NoMemory()
new PyErr_SetFromErrno(object type)
new PyErr_SetFromErrnoWithFilename(object type, text filename)
borrowed PyErr_Occurred()
void PyErr_Clear()
void PyErr_Print()
void PyErr_Fetch(pointer ptype, pointer pvalue, pointer ptraceback)
void PyErr_Restore(stolen type, stolen value, stolen traceback)
new PyErr_GetRaisedException()
void PyErr_SetRaisedException(stolen exc)
int PyErr_ExceptionMatches(object exc)
int PyErr_GivenExceptionMatches(object given, object exc)
int PyErr_WarnEx(object category, text message, size stack_level)
int PyErr_WarnFormat(object category, size stack_level, text format, ...)
int PyErr_CheckSignals()
void PyErr_WriteUnraisable(object obj)
new PyErr_NewException(text name, object base, object dict)
int PyException_SetTraceback(object ex, object tb)
new PyType_FromSpec(pointer spec)
new PyType_FromSpecWithBases(pointer spec, object bases)
new PyType_FromModuleAndSpec(object module, pointer spec, object bases)
new PyType_GenericNew(pointer type, object args, object kwds)
new PyType_GenericAlloc(pointer type, size nitems)
int PyType_Ready(pointer type)
int PyType_IsSubtype(object a, object b)
ulong PyType_GetFlags(object type)
pointer PyType_GetSlot(object type, int slot)
borrowed PyType_GetModule(object type)
pointer PyType_GetModuleState(object type)
borrowed PyType_GetModuleByDef(object type, pointer def)
new PyType_GetName(object type)
pointer PyObject_GetTypeData(object o, object cls)
void PyObject_GC_Track(object op)
void PyObject_GC_UnTrack(object op)
void PyObject_GC_Del(pointer op)
pointer PyObject_Malloc(ulong n)
pointer PyObject_Calloc(ulong nelem, ulong elsize)
pointer PyObject_Realloc(pointer p, ulong n)
void PyObject_Free(pointer p)
pointer PyMem_Malloc(ulong n)
pointer PyMem_Calloc(ulong nelem, ulong elsize)
pointer PyMem_Realloc(pointer p, ulong n)
void PyMem_Free(pointer p)
pointer PyMem_RawMalloc(ulong n)
void PyMem_RawFree(pointer p)
new PyImport_ImportModule(text name)
new PyImport_Import(object name)
borrowed PyImport_AddModule(text name)
new PyImport_ImportModuleLevel(text name, object globals, object locals, object fromlist, int level)
borrowed PySys_GetObject(text name)
void PySys_WriteStdout(text format, ...)
borrowed PyEval_GetBuiltins()
borrowed PyEval_GetFrame()
pointer PyEval_SaveThread()
void PyEval_RestoreThread(pointer tstate)
int PyGILState_Ensure()
void PyGILState_Release(int state)
int PyGILState_Check()
pointer PyThreadState_Get()
new PyStructSequence_New(pointer type)
int PyOS_snprintf(pointer str, ulong size, text format, ...)
double PyOS_string_to_double(text s, pointer endptr, object overflow_exception)
int Py_AddPendingCall(pointer func, pointer arg)
new PyWeakref_NewRef(object ob, object callback)
new PyContextVar_New(text name, object def)
ulong strlen(text s)
int strcmp(text s1, text s2)
int strncmp(text s1, text s2, ulong n)
text strchr(text s, int c)
text strstr(text haystack, text needle)
text strcpy(pointer dst, text src)
text strncpy(pointer dst, text src, ulong n)
text strcat(text dst, text src)
text strdup(text s)
int memcmp(pointer s1, pointer s2, ulong n)
pointer memcpy(pointer dest, pointer src, ulong n)
pointer memmove(pointer dest, pointer src, ulong n)
pointer memset(pointer s, int c, ulong n)
pointer memchr(pointer s, int c, ulong n)
pointer malloc(ulong size)
pointer calloc(ulong nmemb, ulong size)
pointer realloc(pointer ptr, ulong size)
void free(pointer ptr)
void qsort(pointer base, ulong nmemb, ulong size, pointer compar)
pointer bsearch(pointer key, pointer base, ulong nmemb, ulong size, pointer compar)
int printf(text format, ...)
int fprintf(pointer stream, text format, ...)
int sprintf(pointer str, text format, ...)
int snprintf(pointer str, ulong size, text format, ...)
int puts(text s)
int putchar(int c)
int fflush(pointer stream)
size write(int fd, pointer buf, ulong count)
size read(int fd, pointer buf, ulong count)
int getpid()
void exit(int status)
void _exit(int status)
void abort()
int abs(int j)
long labs(long j)
long llabs(long j)
ulong div(int numerator, int denominator)
pair ldiv(long numerator, long denominator)
pair lldiv(long numerator, long denominator)
int atoi(text nptr)
long atol(text nptr)
long strtol(text nptr, pointer endptr, int base)
ulong strtoul(text nptr, pointer endptr, int base)
double strtod(text nptr, pointer endptr)
int toupper(int c)
int tolower(int c)
int isalpha(int c)
int isdigit(int c)
int isspace(int c)
int rand()
void srand(uint seed)
long time(pointer tloc)
text getenv(text name)
double sqrt(double x)
double sin(double x)
double cos(double x)
double exp(double x)
double log(double x)
double floor(double x)
double ceil(double x)
double fabs(double x)
double pow(double x, double y)
double hypot(double x, double y)
double fmod(double x, double y)
void longjmp(pointer env, int val)
";
