from letters import sort_letters
word = bytearray(b"register")
sort_letters(word, 8)
word
sort_letters(word, 0)
bytes(sorted(b"register"))
