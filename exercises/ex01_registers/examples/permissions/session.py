from permissions import others, owner, make
others(0o754), owner(0o754)
oct(make(7, 4))
