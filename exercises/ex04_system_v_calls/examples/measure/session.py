from measure import length
length(b"forty-two")
length(b"")
length(b"one\0two")
length("größer".encode())
