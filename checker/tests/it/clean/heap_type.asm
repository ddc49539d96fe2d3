; A heap type with a method and a length, from a PyType_Spec.
;
; >>> f().answer()
; 42
; >>> len(f())
; 3

%include "python.inc"

    default rel

    extern  PyModule_Create2, PyType_FromSpec, PyObject_CallNoArgs, PyLong_FromLong, Py_DecRef
    global  PyInit_example

    section .rodata
example_name: db "example", 0
f_name:     db "f", 0
answer_name: db "answer", 0
type_name:  db "example.Thing", 0

    section .data
    align   8
methods:
    dq      f_name, f
    dd      METH_NOARGS, 0
    dq      0
    times PyMethodDef_size db 0
type_methods:
    dq      answer_name, answer
    dd      METH_NOARGS, 0
    dq      0
    times PyMethodDef_size db 0
slots:      dq 64, type_methods, 45, length, 0, 0   ; Py_tp_methods, Py_sq_length
spec:       dq type_name
            dd 16, 0, 1 << 18, 0        ; Py_TPFLAGS_DEFAULT
            dq slots
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_size,    dq 0
        at PyModuleDef.m_methods, dq methods
        at PyModuleDef.m_slots,   dq 0
    iend

    section .text

f:
    push    rbx
    lea     rdi, [rel spec]
    call    PyType_FromSpec wrt ..plt   ; new reference, or NULL
    test    rax, rax
    jz      .done
    mov     rbx, rax
    mov     rdi, rax
    call    PyObject_CallNoArgs wrt ..plt
    mov     rdi, rbx
    mov     rbx, rax
    call    Py_DecRef wrt ..plt
    mov     rax, rbx
.done:
    pop     rbx
    ret

answer:
    mov     edi, 42
    jmp     PyLong_FromLong wrt ..plt

length:
    mov     eax, 3
    ret

PyInit_example:
    lea     rdi, [rel definition]
    mov     esi, PYTHON_ABI_VERSION
    jmp     PyModule_Create2 wrt ..plt

    section .note.GNU-stack noalloc noexec nowrite progbits
