from disagree import disagree
disagree(3, -4), disagree(-3, 4), disagree(-3, -4), disagree(0, -4)
disagree(2**62, -2**62)
