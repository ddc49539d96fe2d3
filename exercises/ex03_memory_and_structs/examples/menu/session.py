from menu import name_of, price_of, dishes
[name_of(index) for index in range(3)]
[price_of(index) for index in range(3)]
dishes()
