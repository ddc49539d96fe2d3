from sevens import sevens
sevens(1977), sevens(7070707), sevens(1234), sevens(0)
