from two_cubes import two_cubes
two_cubes(9, 10)
two_cubes(1, 12)
