from mixed import share
share(10, 0.5, 4, 1.5)
share(1, 1.0, 3, 0.0)
share(1, 1.0, 0, 0.0)
