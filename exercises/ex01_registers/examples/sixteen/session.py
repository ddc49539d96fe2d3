from sixteen import with_zeros, with_sign
with_zeros(5), with_sign(5)
with_zeros(65535), with_sign(65535)
with_zeros(-2), with_sign(-2)
# bit 16 and those above it are left out
with_zeros(2**16 + 5), with_sign(2**16 + 5)
