from answer import answer
answer()
type(answer())
answer() + answer()
[answer() for _ in range(3)]
# it takes no arguments
answer(42)
