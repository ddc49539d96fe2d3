from tally import with_al, without_al
with_al(1.0, 2.0, 4.0)
without_al(1.0, 2.0, 4.0)
