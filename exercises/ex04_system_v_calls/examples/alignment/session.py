from alignment import at_entry, after_a_push
at_entry()
after_a_push()
