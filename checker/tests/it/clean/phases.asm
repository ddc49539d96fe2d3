; Multi-phase initialization, with an exec slot and a state of the module's own.
;
; >>> f()
; 1
; >>> f()
; 2
; >>> import example
; >>> example.ready
; True

%include "python.inc"

    default rel

    extern  PyModuleDef_Init, PyModule_GetState, PyObject_SetAttrString, PyLong_FromLong, _Py_TrueStruct
    global  PyInit_example

    section .rodata
example_name: db "example", 0
f_name:     db "f", 0
ready:      db "ready", 0

    section .data
    align   8
methods:
    dq      f_name, f
    dd      METH_NOARGS, 0
    dq      0
    times PyMethodDef_size db 0
slots:      dq 2, execute, 0, 0
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_size,    dq 8
        at PyModuleDef.m_methods, dq methods
        at PyModuleDef.m_slots,   dq slots
    iend

    section .text

f:
    push    rbx
    call    PyModule_GetState wrt ..plt
    inc     qword [rax]
    mov     rdi, [rax]
    pop     rbx
    jmp     PyLong_FromLong wrt ..plt

execute:
    sub     rsp, 8
    lea     rsi, [rel ready]
    mov     rdx, [rel _Py_TrueStruct wrt ..got]
    call    PyObject_SetAttrString wrt ..plt
    add     rsp, 8
    ret

PyInit_example:
    lea     rdi, [rel definition]
    jmp     PyModuleDef_Init wrt ..plt

    section .note.GNU-stack noalloc noexec nowrite progbits
