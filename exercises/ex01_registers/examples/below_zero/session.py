from below_zero import with_a_sign, without_a_sign
with_a_sign()
without_a_sign()
hex(without_a_sign())
without_a_sign() == 2**64 - 1
