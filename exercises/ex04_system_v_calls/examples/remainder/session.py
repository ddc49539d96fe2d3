from remainder import remainder
remainder(17, 5)
remainder(-17, 5)
