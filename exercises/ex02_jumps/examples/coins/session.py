from coins import entry
entry(0), entry(1), entry(2)
