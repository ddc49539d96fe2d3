from doubling import double
double(21)
double(-2**62)
double(2**62)  # message
double()  # message
double("21")
class Answer:
    def __index__(self):
        return 42
double(Answer())
