from stamp import stamp
stamp(bytearray(10), 9, 5)
stamp(bytearray(10), 23, 59)
stamp(bytearray(10), 123456, 789012)
"%02d:%02d" % (9, 5)
