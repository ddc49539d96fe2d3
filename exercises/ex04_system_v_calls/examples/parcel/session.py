from parcel import cost, eggs
cost(3, 2.5)
cost(0, 2.5)
eggs(1, 1, 1)
eggs(0, 2, 5)
